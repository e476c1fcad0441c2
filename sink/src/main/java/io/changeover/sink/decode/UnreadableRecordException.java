package io.changeover.sink.decode;

import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/** A record is not one of the contract. The message names its place, and nothing of what is in it. */
public final class UnreadableRecordException extends DataException {

    private static final long serialVersionUID = 1;

    private final transient SinkRecord record;

    UnreadableRecordException(SinkRecord record, String reason) {
        super("CO-2034: " + RecordDecoder.place(record) + " is not a change record" + reason);
        this.record = record;
    }

    /** For a dead letter queue. */
    public SinkRecord record() {
        return record;
    }
}
