package io.changeover.runner;

import io.changeover.leader.Standing;
import io.changeover.leader.Superseded;
import io.changeover.store.MigrationStore;
import io.changeover.store.StoreFenced;
import java.sql.SQLException;
import org.apache.kafka.common.KafkaException;

/** Who leads according to the state topic. */
record StoreStanding(MigrationStore store) implements Standing {

    private static final String CONNECTION_FAILURE = "08006";

    @Override
    public void require() throws SQLException {
        try {
            store.requireLead();
        } catch (StoreFenced e) {
            throw Superseded.inTheStore(e);
        } catch (KafkaException e) {
            throw new SQLException("Kafka does not say who leads: " + e.getMessage(), CONNECTION_FAILURE, e);
        }
    }
}
