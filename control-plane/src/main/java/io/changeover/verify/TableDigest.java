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
     * Reads a table's rows as COPY text lines. Needs the memory of one row, whatever the size of the table.
     *
     * @param connection in the canonical settings, in which a value has one text form
     * @param copy {@code copy (select …) to stdout}
     * @throws SQLException if the rows cannot be read; the connection is good for closing only
     */
    static TableDigest read(Connection connection, String copy) throws SQLException {
        CopyOut lines = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copy);
        RowSum sum = new RowSum();
        boolean more = true;
        while (more) {
            more = addNext(lines, sum);
        }
        return sum.result();
    }

    /**
     * Adds a row, which the server sends as one message in text form. A method of its own, so that the row is gone when
     * the next one comes: it may have hundreds of megabytes.
     */
    private static boolean addNext(CopyOut lines, RowSum sum) throws SQLException {
        byte @Nullable [] line = lines.readFromCopy();
        if (line == null) {
            return false;
        }
        sum.add(line);
        return true;
    }
}
