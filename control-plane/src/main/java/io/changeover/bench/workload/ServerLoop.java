package io.changeover.bench.workload;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Transactions written by a loop on the server itself, which takes no client and no round trips. */
final class ServerLoop {

    private ServerLoop() {}

    /** Runs statements that make tables and rows. */
    static void execute(ServerSettings database, String sql) throws SQLException {
        try (Connection connection = Connections.open(database, "changeover-bench");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * Runs one transaction again and again. What is random is the same each time.
     *
     * @param transaction statements of PL/pgSQL, with {@code i} as the transaction's number from 1; {@code account} and
     *     {@code change} are integers for it to use
     * @return what ran
     */
    static String run(ServerSettings database, String transaction, long transactions) throws SQLException {
        execute(database, """
                do $loop$
                declare account integer; change integer;
                begin
                    perform setseed(0.5);
                    for i in 1..%d loop
                        %s;
                        commit;
                    end loop;
                end
                $loop$""".formatted(transactions, transaction));
        return "a loop on the server";
    }
}
