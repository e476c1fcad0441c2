package io.changeover.checker;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Reads both tables of accounts of a target over and over while changes arrive, each time in one snapshot: no reader
 * may ever see half a transaction. To be started when the target follows. Thread-safe.
 */
public final class BankWatch implements AutoCloseable {

    private static final long BETWEEN_READS_MILLIS = 3;

    private final ServerSettings target;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "bank-watch");
    private final List<String> violations = new ArrayList<>();
    private long reads;

    private BankWatch(ServerSettings target) {
        this.target = target;
        thread.setDaemon(true);
    }

    /** Begins to read. */
    public static BankWatch start(ServerSettings target) {
        BankWatch watch = new BankWatch(target);
        watch.thread.start();
        return watch;
    }

    /** How often it has read. */
    public synchronized long reads() {
        return reads;
    }

    /** What it saw that nobody may see. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    private void watch() {
        try {
            while (!stop.await(BETWEEN_READS_MILLIS, TimeUnit.MILLISECONDS)) {
                readWhileItAnswers();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readWhileItAnswers() throws InterruptedException {
        try (Connection connection = Connections.open(target, "checker")) {
            connection.setNetworkTimeout(Runnable::run, 10_000);
            while (!stop.await(BETWEEN_READS_MILLIS, TimeUnit.MILLISECONDS)) {
                note(Ledgers.sum(connection));
            }
        } catch (SQLException e) {
            // a target that is down is read by nobody
        }
    }

    private synchronized void note(long sum) {
        reads++;
        Rules.sum(Ledgers.SUM, sum).ifPresent(violation -> violations.add("read " + reads + ": " + violation));
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
