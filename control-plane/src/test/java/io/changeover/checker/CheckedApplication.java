package io.changeover.checker;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * An application that writes all the time, whatever becomes of its server, and remembers of every transaction what it
 * was told: inserts, transfers between accounts of two tables, lists that items are appended to. It prints its seed;
 * {@code -Dseed=…} repeats what each client does, though not how clients and faults meet. Thread-safe.
 */
public final class CheckedApplication implements AutoCloseable {

    private static final long STOP_SECONDS = 40;

    private final Book book = new Book();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final Settings settings;

    /**
     * How much is written.
     *
     * @param clients 1, 2, 4 or 8
     * @param transactionsPerSecond of all clients together, at most
     * @param seed what they do
     */
    public record Settings(int clients, int transactionsPerSecond, long seed) {

        /** Two clients, and the seed of {@code -Dseed}. */
        public static Settings defaults() {
            return new Settings(2, 100, Long.getLong("seed", 1));
        }
    }

    private CheckedApplication(Settings settings, Supplier<ServerSettings> writeTo) {
        this.settings = settings;
        for (int number = 0; number < settings.clients(); number++) {
            CheckedClient client = new CheckedClient(number, settings, writeTo, book, stop);
            Thread thread = new Thread(client, "checked-client-" + number);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    /** Makes its tables, in a schema of their own. */
    public static void makeTables(ServerSettings source) throws SQLException {
        Ledgers.make(source);
    }

    /**
     * Starts to write to tables that are there.
     *
     * @param writeTo where to write now, and as which role; asked before every connect
     */
    public static CheckedApplication start(Supplier<ServerSettings> writeTo, Settings settings) {
        System.out.println("seed=" + settings.seed() + ": " + settings);
        CheckedApplication application = new CheckedApplication(settings, writeTo);
        application.threads.forEach(Thread::start);
        return application;
    }

    /** How many transactions are acknowledged until now. */
    public long committed() {
        return book.committed();
    }

    /**
     * What does not hold of a database that should have everything.
     *
     * @return for people; empty if all holds
     */
    public List<String> violationsOn(ServerSettings server) throws SQLException {
        List<String> violations = new ArrayList<>();
        try (Connection connection = Connections.open(server, "checker")) {
            violations.addAll(Rules.inserts(book.inserts(), Ledgers.inserts(connection)));
            Map<Integer, List<Long>> lists = Ledgers.lists(connection);
            book.lists()
                    .forEach((list, appended) ->
                            violations.addAll(Rules.list(list, appended, lists.getOrDefault(list, List.of()))));
            Rules.sum(Ledgers.SUM, Ledgers.sum(connection)).ifPresent(violations::add);
        }
        return violations.stream()
                .map(violation -> violation + " (seed=" + settings.seed() + ")")
                .toList();
    }

    /** Stops writing; waits until every client knows what became of its last transaction. */
    @Override
    public void close() {
        stop.countDown();
        try {
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
                if (thread.isAlive()) {
                    throw new IllegalStateException(thread.getName() + " does not end");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
