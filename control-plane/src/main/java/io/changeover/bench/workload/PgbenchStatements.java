package io.changeover.bench.workload;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The statements of {@code pgbench -N}, for machines that do not have the program. */
final class PgbenchStatements {

    private static final String SCRIPT = """
            update public.pgbench_accounts set abalance = abalance + ? where aid = ?;
            select abalance from public.pgbench_accounts where aid = ?;
            insert into public.pgbench_history (tid, bid, aid, delta, mtime) values (?, ?, ?, ?, current_timestamp)""";

    private PgbenchStatements() {}

    /**
     * Runs them.
     *
     * @param transactions of each client
     * @return what ran
     */
    static String run(ServerSettings database, int clients, long transactions)
            throws SQLException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                Random random = new Random(client);
                running.add(threads.submit(() -> {
                    write(database, random, transactions);
                    return true;
                }));
            }
            for (Future<?> client : running) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new SQLException("The workload could not be written", e.getCause());
        } finally {
            threads.shutdownNow();
        }
        return "the statements of pgbench -N by JDBC, " + clients + " clients";
    }

    private static void write(ServerSettings database, Random random, long transactions) throws SQLException {
        try (Connection connection = Connections.open(database, "changeover-bench")) {
            connection.setAutoCommit(false);
            try (PreparedStatement script = connection.prepareStatement(SCRIPT)) {
                for (long i = 0; i < transactions; i++) {
                    int account = random.nextInt(NarrowWorkload.ACCOUNTS) + 1;
                    int delta = random.nextInt(10_001) - 5000;
                    script.setInt(1, delta);
                    script.setInt(2, account);
                    script.setInt(3, account);
                    script.setInt(4, random.nextInt(100) + 1);
                    script.setInt(5, random.nextInt(10) + 1);
                    script.setInt(6, account);
                    script.setInt(7, delta);
                    script.execute();
                    connection.commit();
                }
            }
        }
    }
}
