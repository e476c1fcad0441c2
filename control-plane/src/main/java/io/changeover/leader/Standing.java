package io.changeover.leader;

import java.sql.SQLException;

/** Asks the state topic itself, where a target cannot say who leads because it has no ledger, or not any more. */
@FunctionalInterface
public interface Standing {

    /**
     * Returns if no other control plane has opened the state topic.
     *
     * @throws Superseded if one has
     * @throws SQLException if Kafka does not say
     */
    void require() throws SQLException;
}
