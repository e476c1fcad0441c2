package io.changeover.sink.group;

import io.changeover.contract.ChangeEvent;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A whole transaction of the source.
 *
 * @param changes what lies between begin and end, in order
 * @param end its end
 * @param nextOffset the topic offset to start again from after it: of the record after its end, or of the record that
 *     holds its end, if it holds more
 */
public record SourceTransaction(List<ChangeEvent> changes, ChangeEvent.End end, long nextOffset) {
    public SourceTransaction {
        changes = List.copyOf(changes);
    }

    /** Greater than that of every transaction before it. */
    public LogSequenceNumber commitLsn() {
        return end.commitLsn();
    }

    public Origin origin() {
        return new Origin(end.xid(), end.commitLsn(), true);
    }
}
