package io.changeover.capture;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.ChangeRecord;
import io.changeover.contract.Marker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Turns what comes out of Debezium's queue into the records of the change topic. Every record carries the offset of the
 * last transaction whose end it or a record before it holds, so that a restart sends whole transactions again and never
 * half of one. Not thread-safe.
 */
final class StreamAssembler {

    private final String topic;
    private final Map<String, String> partition;
    private final Packs packs;
    private final StoredPosition.Identity identity;
    private Map<String, ?> offset;
    private Optional<LogSequenceNumber> started;

    StreamAssembler(String topic, Map<String, String> partition, StartingPoint point, Packs packs) {
        this.topic = topic;
        this.partition = partition;
        this.packs = packs;
        this.identity = point.identity();
        this.offset = point.offset();
        this.started = point.created();
    }

    /** The records of a poll, in order. */
    List<SourceRecord> assemble(List<SourceRecord> polled) {
        List<SourceRecord> records = new ArrayList<>(polled.size() + 1);
        started.ifPresent(lsn -> records.add(record(List.of(new ChangeEvent.Started(lsn)))));
        started = Optional.empty();
        for (SourceRecord from : polled) {
            pack(from).ifPresent(pack -> records.add(record(pack)));
        }
        return records;
    }

    private SourceRecord record(Pack pack) {
        pack.lastEnd().ifPresent(end -> offset = StoredPosition.after(end, identity));
        return record(pack.events());
    }

    private SourceRecord record(List<ChangeEvent> events) {
        return new SourceRecord(partition, offset, topic, 0, null, null, null, new ChangeRecord(events));
    }

    /** Anything else in the queue is a heartbeat, whose position is Debezium's and not ours. */
    private Optional<Pack> pack(SourceRecord from) {
        if (!(from.value() instanceof Struct value)) {
            throw new ConnectException("Debezium sent a record that is no structure, to topic " + from.topic());
        }
        if (value.schema().field("message") == null) {
            if (value.schema().field("op") != null) {
                throw new ConnectException("Debezium sent a change of its own, to topic " + from.topic());
            }
            return Optional.empty();
        }
        Struct message = value.getStruct("message");
        if (!Marker.PREFIX.equals(message.getString("prefix"))) {
            throw new ConnectException("Debezium sent a message of its own, to topic " + from.topic());
        }
        Object content = message.get("content");
        return Optional.of(packs.take(
                content instanceof ByteBuffer buffer ? buffer.duplicate() : ByteBuffer.wrap((byte[]) content)));
    }
}
