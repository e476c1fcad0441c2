package io.changeover.sink;

import io.changeover.sink.WaitingRecords.Decoded;
import io.changeover.sink.apply.StreamApplier;
import io.changeover.sink.decode.RecordDecoder;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.ServerError;
import io.changeover.sink.group.BrokenStreamException;
import io.changeover.sink.group.BufferLimits;
import io.changeover.sink.metrics.ApplyFigures;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of a change topic, applied as whole source transactions.
 *
 * <p>Where they are and what moves them: {@link #apply} decodes them and lets them wait; a job beside the task's thread
 * takes all that wait, as the stream has room for them, and applies them; when it is done with them and enough others
 * have come, it takes those. A job that fails is told by the next call. What it has not applied waits again, before
 * what came since; if the stream is lost, everything comes again.
 */
final class StreamRecords implements Applier {

    private static final Logger LOG = LoggerFactory.getLogger(StreamRecords.class);

    /** Fewer changes are applied before the call returns: there is no backlog that it would hold up. */
    private static final int WORTHWHILE = 1000;

    /** Fewer changes never wait for others, and more neither. */
    private static final int FEW = 50;

    private static final int ENOUGH = 5000;

    /**
     * How long changes wait for others after a group: where so many come in so short a time, small groups cost the
     * target more than they bring their readers.
     */
    private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final TopicPartition partition;
    private final StreamApplier stream;
    private final PutTime time;
    private final LongSupplier nanos;
    private final ApplyThread applying;
    private final WaitingRecords waiting;

    /** The job's while there is one; so are the stream and the next. */
    private Deque<Decoded> underWay = new ArrayDeque<>();

    private boolean isLate;

    private boolean hasFailed;
    private long settledAt;
    private volatile long settledOffset;
    private final AtomicBoolean hasCommitted = new AtomicBoolean();

    private StreamRecords(
            TopicPartition partition, StreamApplier stream, BufferLimits limits, PutTime time, LongSupplier nanos) {
        this.partition = partition;
        this.stream = stream;
        this.time = time;
        this.nanos = nanos;
        this.settledAt = nanos.getAsLong() - BETWEEN_NANOS;
        this.waiting = new WaitingRecords(limits);
        this.applying = new ApplyThread("changeover-apply-" + partition.topic(), waiting::over);
    }

    /**
     * Takes the stream over.
     *
     * @throws ConnectException if these are not the only partition of one topic
     */
    static StreamRecords open(SinkConfig config, Collection<TopicPartition> partitions, ApplyFigures figures)
            throws SQLException {
        for (TopicPartition each : partitions) {
            requireOnlyPartition(each);
        }
        if (partitions.size() != 1) {
            throw new ConnectException("A task applies one change topic, not " + partitions);
        }
        return open(
                config,
                partitions.iterator().next(),
                figures,
                new PutTime(PutTime.LONGEST, System::nanoTime),
                System::nanoTime);
    }

    static StreamRecords open(
            SinkConfig config, TopicPartition partition, ApplyFigures figures, PutTime time, LongSupplier nanos)
            throws SQLException {
        StreamApplier stream = StreamApplier.open(
                config.target(),
                config.stream(),
                config.limits(),
                config.longestGroup(),
                config.guard(),
                config.changeFailures(),
                figures);
        return new StreamRecords(partition, stream, config.limits(), time, nanos);
    }

    private static void requireOnlyPartition(TopicPartition partition) {
        if (partition.partition() != 0) {
            throw new ConnectException("Topic " + partition.topic() + " has more than one partition: a change topic"
                    + " has one, because the order of transactions is that of its records");
        }
    }

    @Override
    public Map<TopicPartition, Long> offsets() {
        if (!applying.hasJob()) {
            settledOffset = stream.topicOffset();
        }
        return Map.of(partition, settledOffset);
    }

    /**
     * Decodes beside what is being applied, and waits for that only if too much else would wait. Of many changes only a
     * later call tells how it went.
     */
    @Override
    public boolean apply(Collection<SinkRecord> records) throws SQLException, FailedChangeException {
        List<Decoded> decoded = records.stream().map(Decoded::of).toList();
        if (applying.isOver()) {
            settle(applying::end);
        }
        if (hasFailed) {
            applyWaiting();
        }
        makeRoom();
        waiting.add(decoded);
        if (!applying.hasJob() && !mayGrow()) {
            if (waiting.changes() < WORTHWHILE) {
                applyWaiting();
            } else {
                begin();
            }
        }
        return hasCommitted.getAndSet(false);
    }

    private void makeRoom() throws SQLException, FailedChangeException {
        if (applying.hasJob()) {
            waiting.awaitRoom(applying::isOver);
        }
        if (applying.isOver()) {
            settle(applying::end);
        }
        if (waiting.isFull()) {
            begin();
        }
    }

    private boolean mayGrow() {
        return waiting.changes() >= FEW && waiting.changes() < ENOUGH && nanos.getAsLong() - settledAt < BETWEEN_NANOS;
    }

    @Override
    public boolean wantsCall() {
        return applying.hasJob() || waiting.changes() > 0 || stream.isHolding();
    }

    /** Applies what waits, beside the caller. */
    private void begin() {
        underWay = waiting.takeAll();
        applying.begin(() -> applyAll(() -> stream.apply(this::isEnough, this::takeMore)));
    }

    private void applyWaiting() throws SQLException, FailedChangeException {
        underWay = waiting.takeAll();
        settle(() -> applyAll(() -> stream.apply(this::isEnough)));
    }

    /** What was not taken waits again, before what came since. */
    private void settle(ApplyThread.Job last) throws SQLException, FailedChangeException {
        hasFailed = true;
        try {
            last.run();
            hasFailed = false;
        } finally {
            waiting.putBack(underWay);
            underWay.clear();
            settledOffset = stream.topicOffset();
            settledAt = nanos.getAsLong();
        }
    }

    /** Applies what was taken; whether something was committed. */
    private interface Application {
        boolean apply() throws SQLException, FailedChangeException;
    }

    private void applyAll(Application taken) throws SQLException, FailedChangeException {
        time.begin();
        do {
            takeAll();
            applyInTime(taken);
        } while (fetch());
    }

    private void takeAll() {
        while (!underWay.isEmpty() && !stream.isFull()) {
            take(underWay.getFirst());
            underWay.removeFirst();
        }
    }

    /** Takes what waits, unless it is little: that may wait for more, which the caller's thread decides. */
    private boolean fetch() {
        if (underWay.isEmpty() && waiting.changes() >= ENOUGH) {
            underWay = waiting.takeAll();
            time.begin();
        }
        return !underWay.isEmpty();
    }

    private void takeMore() {
        if (fetch()) {
            takeAll();
        }
    }

    private void applyInTime(Application taken) throws SQLException, FailedChangeException {
        isLate = false;
        if (taken.apply()) {
            hasCommitted.set(true);
        }
        if (isLate) {
            throw new SlowTargetException(partition.topic());
        }
    }

    private boolean isEnough() {
        settledOffset = stream.topicOffset();
        isLate = time.isOver();
        return isLate;
    }

    private void take(Decoded decoded) {
        SinkRecord record = decoded.record();
        try {
            stream.take(record.kafkaOffset(), decoded.events());
        } catch (BrokenStreamException e) {
            throw new DataException(e.kind().code() + ": " + RecordDecoder.place(record) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public boolean isLost() {
        return !applying.hasJob() && stream.isLost();
    }

    @Override
    public void resume() throws SQLException {
        stream.resume();
    }

    @Override
    public void disconnect() {
        waiting.clear(); // so that the job takes no more
        try {
            settle(applying::end);
        } catch (SQLException e) {
            warn(ServerError.describe(e));
        } catch (FailedChangeException | RuntimeException e) {
            warn(String.valueOf(e.getMessage()));
        }
        waiting.clear();
        hasFailed = false;
        stream.disconnect();
    }

    private void warn(String failure) {
        LOG.warn("Stream of {}: what was being applied comes again: {}", partition, failure);
    }

    @Override
    public long heldBytes() {
        applying.await();
        return waiting.bytes() + stream.heldBytes();
    }

    @Override
    public long heldChanges() {
        applying.await();
        return waiting.changes() + stream.heldChanges();
    }
}
