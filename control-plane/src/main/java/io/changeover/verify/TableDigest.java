package io.changeover.verify;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * The contents of a table in a few bytes: equal contents have equal digests, in whatever order the rows and the columns
 * are stored and whichever PostgreSQL version holds them.
 *
 * @param rows how many
 * @param sum the sum of the rows' SHA-256 modulo 2<sup>256</sup>, in hexadecimal
 */
public record TableDigest(long rows, String sum) {

    /**
     * Reads a table's rows as COPY text lines. Needs constant memory, whatever the size.
     *
     * @param connection in the canonical settings, in which a value has one text form
     * @param copy {@code copy (select …) to stdout}
     * @throws SQLException if the rows cannot be read; the connection is good for closing only
     */
    static TableDigest read(Connection connection, String copy) throws SQLException {
        CopyOut lines = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copy);
        RowSum sum = new RowSum();
        // the server sends one row a message in text form
        for (byte @Nullable [] line = lines.readFromCopy(); line != null; line = lines.readFromCopy()) {
            sum.add(line);
        }
        return sum.result();
    }
}
