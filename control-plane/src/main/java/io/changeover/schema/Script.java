package io.changeover.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Runs many statements with one round trip, and lets the server find where each one ends: the driver, which would split
 * them, takes "create or replace function … begin atomic" for several.
 */
final class Script {

    private Script() {}

    /**
     * Runs it in the current transaction. It may hold any statement that can run in a transaction; what a query gives
     * is thrown away.
     *
     * @throws SQLException for the first statement that fails
     */
    static void run(Connection connection, String sql) throws SQLException {
        String inner = dollarQuote("script", sql);
        String block = "begin execute " + inner + sql + inner + "; end";
        String outer = dollarQuote("block", block);
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("do " + outer + block + outer);
        }
    }

    /** A dollar quote that does not occur in what it is to enclose. */
    private static String dollarQuote(String name, String text) {
        String quote = "$" + name + "$";
        for (int i = 1; text.contains(quote); i++) {
            quote = "$" + name + i + "$";
        }
        return quote;
    }
}
