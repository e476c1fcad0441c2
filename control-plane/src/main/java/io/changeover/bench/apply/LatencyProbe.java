package io.changeover.bench.apply;

import io.changeover.bench.Condition;
import io.changeover.bench.workload.PingWorkload;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the time from a commit on the source until the target shows it. A writer adds one to a counter, in a
 * transaction of its own each time, at an even pace; a reader looks at the counter on the target every half
 * millisecond. Both are threads of this process, so that there is one clock.
 */
final class LatencyProbe {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final long PAUSE_NANOS = 500_000;
    /** Before the measurement: what was slow to begin with is over. */
    private static final int WARM_UP_SECONDS = 60;

    private final ServerSettings source;
    private final ServerSettings target;
    private final int perSecond;

    /** A probe of one pair of databases. */
    LatencyProbe(ServerSettings source, ServerSettings target, int perSecond) {
        this.source = source;
        this.target = target;
        this.perSecond = perSecond;
    }

    /**
     * Waits until the target has caught up, and measures.
     *
     * @param seconds how long to write
     */
    Latencies measure(int seconds) throws Exception {
        run(WARM_UP_SECONDS);
        return run(seconds);
    }

    private Latencies run(int seconds) throws Exception {
        Latencies latencies = new Latencies(seconds * perSecond);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Connection writing = Connections.open(source, "changeover-bench");
                Connection reading = Connections.open(target, "changeover-bench");
                PreparedStatement onSource = select(writing);
                PreparedStatement onTarget = select(reading)) {
            long before = number(onSource);
            Condition.await("the target has caught up", LIMIT, LOOK_EVERY, () -> number(onTarget) == before);
            Future<?> writer = thread.submit(() -> {
                write(writing, seconds * perSecond, latencies);
                return true;
            });
            read(
                    onTarget,
                    before,
                    latencies,
                    writer,
                    System.nanoTime() + LIMIT.plusSeconds(seconds).toNanos());
            writer.get();
        } finally {
            thread.shutdownNow();
        }
        return latencies;
    }

    /** Each commit writes its WAL out: the source's WAL writer, which would do it 200 ms later, is not measured. */
    private void write(Connection connection, int transactions, Latencies latencies) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set synchronous_commit = on");
        }
        connection.setAutoCommit(false);
        String sql = "update " + PingWorkload.PINGS.quoted() + " set number = number + 1 where id = 1";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            long next = System.nanoTime();
            for (int number = 1; number <= transactions; number++) {
                while (System.nanoTime() < next) {
                    LockSupport.parkNanos(next - System.nanoTime());
                }
                update.executeUpdate();
                latencies.commits(number, System.nanoTime());
                connection.commit();
                next += TimeUnit.SECONDS.toNanos(1) / perSecond;
            }
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static void read(
            PreparedStatement select, long before, Latencies latencies, Future<?> writer, long deadline)
            throws Exception {
        while (!latencies.isComplete()) {
            LockSupport.parkNanos(PAUSE_NANOS);
            latencies.sees((int) (number(select) - before), System.nanoTime());
            if (System.nanoTime() - deadline > 0) {
                writer.cancel(true);
                throw new IllegalStateException("The target did not show all transactions in time");
            }
        }
    }

    private static PreparedStatement select(Connection connection) throws SQLException {
        return connection.prepareStatement("select number from " + PingWorkload.PINGS.quoted() + " where id = 1");
    }

    private static long number(PreparedStatement select) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
