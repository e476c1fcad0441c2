package io.changeover.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** One COPY out of a server straight into a COPY of another, counting what passes. */
final class CopyPipe {

    /** What has passed so far. */
    record Amount(long rows, long bytes) {}

    /** Told as rows pass; must be quick. */
    interface Meter {
        void passed(Amount amount);
    }

    private static final int REPORT_EVERY_BYTES = 1 << 18;

    private static final int GATHERED_BYTES = 1 << 16;

    private CopyPipe() {}

    /**
     * Runs the copy to its end.
     *
     * @param throttle says how long to wait before more is read
     * @param stopped asked now and then; if true the copy is given up with an exception
     * @return everything that passed
     * @throws SQLException if either side fails; the target's transaction must be rolled back
     */
    static Amount run(
            Connection source,
            String copyOut,
            Connection target,
            String copyIn,
            Meter meter,
            Throttle throttle,
            BooleanSupplier stopped)
            throws SQLException {
        CopyOut out = source.unwrap(PGConnection.class).getCopyAPI().copyOut(copyOut);
        CopyIn in = target.unwrap(PGConnection.class).getCopyAPI().copyIn(copyIn);
        try {
            long bytes = pump(out, in, meter, throttle, stopped);
            return new Amount(in.endCopy(), bytes);
        } finally {
            cancelIfActive(in);
            cancelIfActive(out);
        }
    }

    /** How many bytes. */
    private static long pump(CopyOut out, CopyIn in, Meter meter, Throttle throttle, BooleanSupplier stopped)
            throws SQLException {
        Gathered gathered = new Gathered(in);
        long rows = 0;
        long bytes = 0;
        long reported = 0;
        for (int length = pumpRow(out, gathered); length >= 0; length = pumpRow(out, gathered)) {
            rows++;
            bytes += length;
            if (bytes - reported >= REPORT_EVERY_BYTES) {
                throttle.await(bytes - reported, stopped);
                reported = bytes;
                meter.passed(new Amount(rows, bytes));
            }
        }
        gathered.send();
        return bytes;
    }

    /**
     * Copies a row, which the server sends as one message; in binary form the last message is no row. A method of its
     * own, so that the row is gone when the next one comes: it may have hundreds of megabytes.
     *
     * @return its length, or -1 if there is none
     */
    private static int pumpRow(CopyOut out, Gathered rows) throws SQLException {
        byte @Nullable [] row = out.readFromCopy();
        if (row == null) {
            return -1;
        }
        rows.add(row);
        return row.length;
    }

    /**
     * Small rows wait for others: with each message the driver asks the system whether the server has said something.
     */
    private static final class Gathered {

        private final CopyIn in;
        private final byte[] buffer = new byte[GATHERED_BYTES];
        private int length;

        Gathered(CopyIn in) {
            this.in = in;
        }

        void add(byte[] row) throws SQLException {
            if (length + row.length > buffer.length) {
                send();
            }
            if (row.length > buffer.length) {
                in.writeToCopy(row, 0, row.length);
            } else {
                System.arraycopy(row, 0, buffer, length, row.length);
                length += row.length;
            }
        }

        void send() throws SQLException {
            if (length > 0) {
                in.writeToCopy(buffer, 0, length);
                length = 0;
            }
        }
    }

    private static void cancelIfActive(org.postgresql.copy.CopyOperation copy) throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }
}
