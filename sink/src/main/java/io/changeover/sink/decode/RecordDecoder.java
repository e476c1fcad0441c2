package io.changeover.sink.decode;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.MapWire;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;

/** Reads the change topic's records as a converter without schemas delivers them. Errors never show a row's values. */
public final class RecordDecoder {

    private RecordDecoder() {}

    /**
     * The events in a record, in order.
     *
     * @throws UnreadableRecordException if the record is not one of the contract; names topic, partition and offset
     */
    public static List<ChangeEvent> decode(SinkRecord record) {
        if (!(record.value() instanceof Map<?, ?> value)) {
            throw new UnreadableRecordException(
                    record,
                    " but " + kind(record.value()) + ": use value.converter=io.changeover.wire.ChangeConverter"
                            + " on a topic that Changeover's capture writes");
        }
        try {
            return MapWire.decode(value);
        } catch (NumberFormatException e) {
            throw new UnreadableRecordException(record, ": a number in it is none");
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException(record, ": " + e.getMessage());
        }
    }

    /** {@code topic-partition@offset}, for messages. */
    public static String place(SinkRecord record) {
        return "Record " + record.topic() + "-" + record.kafkaPartition() + "@" + record.kafkaOffset();
    }

    private static String kind(Object value) {
        return value == null ? "empty" : "a " + value.getClass().getSimpleName();
    }
}
