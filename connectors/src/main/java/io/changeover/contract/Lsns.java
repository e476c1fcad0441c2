package io.changeover.contract;

import java.util.Locale;
import org.postgresql.replication.LogSequenceNumber;

/** WAL positions as text. */
public final class Lsns {

    private Lsns() {}

    /**
     * As {@link LogSequenceNumber#asString()}, without a format that is parsed each time: every transaction has two.
     */
    public static String text(LogSequenceNumber lsn) {
        long position = lsn.asLong();
        return (Integer.toHexString((int) (position >>> Integer.SIZE)) + '/' + Integer.toHexString((int) position))
                .toUpperCase(Locale.ROOT);
    }
}
