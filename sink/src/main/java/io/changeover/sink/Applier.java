package io.changeover.sink;

import io.changeover.sink.failure.FailedChangeException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Applies the records of the partitions that a task has, as their owner on the target from the moment it was opened.
 * What was committed, the target knows; what was not, comes again. Not thread-safe.
 */
interface Applier {

    /** The offset to read each partition from: the first record that is not in the target. */
    Map<TopicPartition, Long> offsets();

    /**
     * Applies records, in their order.
     *
     * @return whether something was committed since the last call
     */
    boolean apply(Collection<SinkRecord> records) throws SQLException, FailedChangeException;

    /** Whether {@link #apply} should be called soon, even if there is nothing new. */
    default boolean wantsCall() {
        return false;
    }

    /** Whether nothing is held any more, so that {@link #resume()} has to come before anything else. */
    boolean isLost();

    /** Makes it follow again, from {@link #offsets()}. */
    void resume() throws SQLException;

    /** Closes the connection, which undoes what was not committed, and forgets what was taken. */
    void disconnect();

    /** About how much memory the changes take that are held. */
    long heldBytes();

    /** How many changes are held, and one for each complete transaction. */
    long heldChanges();
}
