package io.changeover.sink;

import io.changeover.sink.decode.ErrantRecords;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.metrics.ApplyFigures;
import io.changeover.sink.rows.RowsApplier;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/** The records of a stock Debezium source, applied as rows. */
final class RowRecords implements Applier {

    private final RowsApplier rows;

    private RowRecords(RowsApplier rows) {
        this.rows = rows;
    }

    /** Takes the partitions over. */
    static RowRecords open(
            SinkConfig config,
            RowConfig rows,
            Collection<TopicPartition> partitions,
            ErrantRecords errant,
            ApplyFigures figures)
            throws SQLException {
        return new RowRecords(RowsApplier.open(
                config.target(),
                partitions,
                rows.rows(),
                new RowsApplier.Limits(
                        config.limits().groupChanges(), config.limits().bytes()),
                config.guard(),
                rows.failures(),
                errant,
                figures));
    }

    @Override
    public Map<TopicPartition, Long> offsets() {
        return rows.offsets();
    }

    @Override
    public boolean apply(Collection<SinkRecord> records) throws SQLException, FailedChangeException {
        return rows.apply(records);
    }

    @Override
    public boolean isLost() {
        return rows.isLost();
    }

    @Override
    public void resume() throws SQLException {
        rows.resume();
    }

    @Override
    public void disconnect() {
        rows.disconnect();
    }

    /** Nothing is held from one call to the next. */
    @Override
    public long heldBytes() {
        return 0;
    }

    @Override
    public long heldChanges() {
        return 0;
    }
}
