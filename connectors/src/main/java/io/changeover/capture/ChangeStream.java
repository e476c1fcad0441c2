package io.changeover.capture;

import io.changeover.capture.wal.WalDecoder;
import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Marker;
import io.debezium.connector.postgresql.connection.LogicalDecodingMessage;
import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.ReplicationMessage.Operation;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import io.debezium.util.Clock;
import io.debezium.util.Metronome;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server sends, decoded and packed. To Debezium every pack is a logical message outside of any transaction:
 * positions are the packs' own, see {@link StreamAssembler}. Read by one thread; flushed and kept alive by others.
 */
final class ChangeStream implements ReplicationStream {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeStream.class);

    /** How long the reader stays here before Debezium may look whether to stop. */
    private static final Duration ROUND = Duration.ofMillis(100);

    /** A message that took longer was not there yet: the reader had to wait for the server. */
    private static final Duration FROM_BUFFER = Duration.ofNanos(50_000);

    private final PGReplicationStream stream;
    private final WalDecoder decoder;
    private final Packs packs;
    private final Packer packer;
    private final Lsn start;
    private final Duration signOfLife;
    private final AtomicBoolean alive = new AtomicBoolean();
    private volatile Lsn lastReceived;
    private boolean hasWaited;
    private @Nullable ReplicationMessageProcessor processor;

    /**
     * A stream that has been started.
     *
     * @param signOfLife how often the server is told that we are here
     */
    ChangeStream(
            PGReplicationStream stream,
            WalDecoder decoder,
            Packs packs,
            Packer.Limits limits,
            Lsn start,
            Duration signOfLife) {
        this.stream = stream;
        this.decoder = decoder;
        this.packs = packs;
        this.packer = new Packer(limits, this::send, System::nanoTime);
        this.start = start;
        this.signOfLife = signOfLife;
        this.lastReceived = start;
    }

    @Override
    public void read(ReplicationMessageProcessor to) {
        throw new UnsupportedOperationException("Debezium's task reads with readPending");
    }

    @Override
    public boolean readPending(ReplicationMessageProcessor to) throws SQLException, InterruptedException {
        processor = to;
        long before = packer.sent();
        long deadline = System.nanoTime() + ROUND.toNanos();
        try {
            ByteBuffer message = next(deadline);
            while (message != null) {
                LogSequenceNumber at = stream.getLastReceiveLSN();
                decoder.decode(message, at, packer);
                message = packer.sent() > before || System.nanoTime() > deadline ? null : next(deadline);
            }
        } catch (SQLException e) {
            throw ConnectionLoss.marked(e);
        }
        packer.send();
        return packer.sent() > before;
    }

    /**
     * The server's next message; null if there is none, and what is packed is to be sent as it is. The driver waits up
     * to a millisecond for a message. Who takes each one as it comes costs the server and itself a wake-up for each, so
     * that both are slower: after a wait, and as long as a pack may grow, many may come first.
     */
    private @Nullable ByteBuffer next(long deadline) throws SQLException, InterruptedException {
        while (true) {
            if (hasWaited && !packer.isEmpty() && packer.mayWait()) {
                TimeUnit.NANOSECONDS.sleep(packer.breath().toNanos());
            }
            long asked = System.nanoTime();
            ByteBuffer message = stream.readPending();
            long now = System.nanoTime();
            hasWaited = now - asked > FROM_BUFFER.toNanos();
            if (message != null || !packer.mayWait() || now - deadline > 0) {
                return message;
            }
        }
    }

    private void send(List<ChangeEvent> events, Optional<ChangeEvent.End> lastEnd) throws InterruptedException {
        ReplicationMessageProcessor to = processor;
        if (to == null) {
            throw new IllegalStateException("Nobody reads the stream");
        }
        lastReceived = Lsn.valueOf(stream.getLastReceiveLSN());
        try {
            to.process(new LogicalDecodingMessage(
                    Operation.MESSAGE, Instant.EPOCH, 0L, true, Marker.PREFIX, packs.put(events, lastEnd)));
        } catch (SQLException e) {
            throw new IllegalStateException("Debezium asked the database for the meaning of a pack", e);
        }
    }

    @Override
    public void flushLsn(Lsn lsn) throws SQLException {
        LogSequenceNumber flushed = LogSequenceNumber.valueOf(lsn.asLong());
        stream.setFlushedLSN(flushed);
        stream.setAppliedLSN(flushed);
        stream.forceUpdateStatus();
    }

    @Override
    public Lsn lastReceivedLsn() {
        return lastReceived;
    }

    @Override
    public Lsn startLsn() {
        return start;
    }

    /** The reader may wait for Kafka for longer than the server waits for a sign of life. */
    @Override
    public void startKeepAlive(ExecutorService service) {
        if (alive.compareAndSet(false, true)) {
            service.execute(() -> {
                Metronome interval = Metronome.sleeper(signOfLife, Clock.SYSTEM);
                while (alive.get()) {
                    try {
                        stream.forceUpdateStatus();
                        interval.pause();
                    } catch (SQLException e) {
                        LOG.warn("The source does not take a sign of life; the reader will see why", e);
                        return;
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return;
                    }
                }
            });
            service.shutdown();
        }
    }

    @Override
    public void stopKeepAlive() {
        alive.set(false);
    }

    @Override
    public void close() throws SQLException {
        decoder.close();
        stream.close();
    }
}
