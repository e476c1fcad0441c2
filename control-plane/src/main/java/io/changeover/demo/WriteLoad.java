package io.changeover.demo;

import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * The application that uses the sample database: clients that write all the time, through short transactions over
 * several tables. It knows nothing of a migration. When its connection is lost or the server refuses writes, it asks
 * where to write now and goes on there; an error that an application does not expect stops it. Thread-safe.
 */
public final class WriteLoad implements AutoCloseable {

    /** At 200 a second, the transactions of 40 minutes. */
    private static final int REMEMBERED_RECEIPTS = 500_000;

    private static final Duration UNTIL_ABORT = Duration.ofSeconds(3);
    private static final Duration UNTIL_GIVEN_UP = Duration.ofMillis(1_500);

    /**
     * How much is written.
     *
     * @param clients how many threads, each with a connection
     * @param transactionsPerSecond how many transactions all clients begin; some of them lose a race and are rolled
     *     back
     * @param seed which transactions; not in which order clients come
     */
    public record Settings(int clients, int transactionsPerSecond, long seed) {

        public Settings {
            if (clients < 1 || transactionsPerSecond < 1) {
                throw new IllegalArgumentException("A write load needs a client and a transaction per second");
            }
        }

        /** Two clients, 200 transactions a second. */
        public static Settings defaults() {
            return new Settings(2, 200, 1);
        }
    }

    private final CountDownLatch stop = new CountDownLatch(1);
    private final Receipts receipts = new Receipts(REMEMBERED_RECEIPTS);
    private final List<WriteClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Clock clock;
    private final Acknowledgements acknowledgements;
    private volatile Optional<Exception> failure = Optional.empty();
    private volatile Optional<Instant> closed = Optional.empty();

    private WriteLoad(Supplier<ServerSettings> target, Settings settings, Clock clock) {
        this.clock = clock;
        this.acknowledgements = new Acknowledgements(clock.instant());
        Pace pace = new Pace(settings.transactionsPerSecond(), System.nanoTime());
        for (int number = 1; number <= settings.clients(); number++) {
            String name = "changeover-demo-client-" + number;
            Pick pick = new Pick(new Random(settings.seed() * 31 + number));
            WriteClient client = new WriteClient(name, target, pick, pace, stop, acknowledgements, receipts, clock);
            Thread thread = new Thread(() -> run(client), name);
            thread.setDaemon(true);
            clients.add(client);
            threads.add(thread);
        }
    }

    /**
     * Starts to write.
     *
     * @param target where to write now, and as which role; asked before every connect, by several threads
     * @param settings how much
     */
    public static WriteLoad start(Supplier<ServerSettings> target, Settings settings) {
        WriteLoad load = new WriteLoad(target, settings, Clock.systemUTC());
        load.threads.forEach(Thread::start);
        return load;
    }

    /** What stopped the load; empty while it writes, and after {@link #close()}. */
    public Optional<Exception> failure() {
        return failure;
    }

    /** What was committed, by server, in the order in which the servers came: after a cutover source and target. */
    public List<ServerTally> acknowledged() {
        return acknowledgements.byServer();
    }

    /** How many transactions were committed on all servers. */
    public long transactions() {
        return acknowledged().stream().mapToLong(ServerTally::transactions).sum();
    }

    /** The longest time without a commit until now or, if that was earlier, until {@link #close()}. */
    public Duration longestPause() {
        return acknowledgements.longestPause(closed.orElseGet(clock::instant));
    }

    /** From the last commit on the first server to the first one on the second; empty before that. */
    public Optional<Duration> pauseAtSwitch() {
        List<ServerTally> servers = acknowledged();
        return servers.size() < 2
                ? Optional.empty()
                : Optional.of(
                        Duration.between(servers.get(0).last(), servers.get(1).first()));
    }

    /**
     * Checks that what any server acknowledged is there: the latest 500,000 transactions.
     *
     * @param target a connection to the database that should have everything
     * @return what is missing, for people; empty if nothing is
     * @throws SQLException if the database cannot be asked
     */
    public Optional<String> missingOn(Connection target) throws SQLException {
        return receipts.missingOn(target);
    }

    /**
     * Stops all clients within five seconds; connections that wait for their server are cut.
     *
     * @throws IllegalStateException if a client still runs after that, because it waits for a connect
     */
    @Override
    public void close() {
        closed = Optional.of(closed.orElseGet(clock::instant));
        stop.countDown();
        if (!ended(UNTIL_ABORT)) {
            clients.forEach(WriteClient::abort);
            if (!ended(UNTIL_GIVEN_UP)) {
                throw new IllegalStateException(
                        "A client of the write load did not stop: it still waits for a connect");
            }
        }
    }

    private void run(WriteClient client) {
        try {
            client.run();
        } catch (SQLException | RuntimeException e) {
            fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The first failure is the one to tell. */
    private synchronized void fail(Exception e) {
        failure = failure.or(() -> Optional.of(e));
        stop.countDown();
    }

    private boolean ended(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return threads.stream().noneMatch(Thread::isAlive);
    }
}
