package io.changeover.sink;

import io.changeover.contract.ChangeEvent;
import io.changeover.sink.apply.StreamApplier;
import io.changeover.sink.decode.RecordDecoder;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.group.BrokenStreamException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/** The records of a change topic, applied as whole source transactions. */
final class StreamRecords implements Applier {

    private final TopicPartition partition;
    private final StreamApplier stream;
    private final PutTime time;

    private StreamRecords(TopicPartition partition, StreamApplier stream, PutTime time) {
        this.partition = partition;
        this.stream = stream;
        this.time = time;
    }

    /**
     * Takes the stream over.
     *
     * @throws ConnectException if these are not the only partition of one topic
     */
    static StreamRecords open(SinkConfig config, Collection<TopicPartition> partitions) throws SQLException {
        for (TopicPartition each : partitions) {
            requireOnlyPartition(each);
        }
        if (partitions.size() != 1) {
            throw new ConnectException("A task applies one change topic, not " + partitions);
        }
        return open(config, partitions.iterator().next(), new PutTime(PutTime.LONGEST, System::nanoTime));
    }

    static StreamRecords open(SinkConfig config, TopicPartition partition, PutTime time) throws SQLException {
        StreamApplier stream =
                StreamApplier.open(config.target(), config.stream(), config.limits(), config.longestGroup());
        return new StreamRecords(partition, stream, time);
    }

    private static void requireOnlyPartition(TopicPartition partition) {
        if (partition.partition() != 0) {
            throw new ConnectException("Topic " + partition.topic() + " has more than one partition: a change topic"
                    + " has one, because the order of transactions is that of its records");
        }
    }

    @Override
    public Map<TopicPartition, Long> offsets() {
        return Map.of(partition, stream.topicOffset());
    }

    @Override
    public boolean apply(Collection<SinkRecord> records) throws SQLException, FailedChangeException {
        time.begin();
        boolean committed = false;
        for (SinkRecord record : records) {
            if (stream.isFull()) {
                committed |= applyInTime();
            }
            take(record);
        }
        return applyInTime() || committed;
    }

    private boolean applyInTime() throws SQLException, FailedChangeException {
        boolean[] isOver = {false};
        boolean committed = stream.apply(() -> isOver[0] = time.isOver());
        if (isOver[0]) {
            throw new SlowTargetException(partition.topic());
        }
        return committed;
    }

    private void take(SinkRecord record) {
        List<ChangeEvent> events = RecordDecoder.decode(record);
        try {
            stream.take(record.kafkaOffset(), events);
        } catch (BrokenStreamException e) {
            throw new DataException(e.kind().code() + ": " + RecordDecoder.place(record) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public boolean isLost() {
        return stream.isLost();
    }

    @Override
    public void resume() throws SQLException {
        stream.resume();
    }

    @Override
    public void disconnect() {
        stream.disconnect();
    }

    @Override
    public long heldBytes() {
        return stream.heldBytes();
    }

    @Override
    public long heldChanges() {
        return stream.heldChanges();
    }
}
