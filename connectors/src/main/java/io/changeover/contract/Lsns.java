package io.changeover.contract;

import java.util.Locale;
import org.postgresql.replication.LogSequenceNumber;

/** WAL positions as text. */
public final class Lsns {

    private static final int HEXADECIMAL = 16;

    private Lsns() {}

    /**
     * As {@link LogSequenceNumber#asString()}, without a format that is parsed each time: every transaction has two.
     */
    public static String text(LogSequenceNumber lsn) {
        long position = lsn.asLong();
        return (Integer.toHexString((int) (position >>> Integer.SIZE)) + '/' + Integer.toHexString((int) position))
                .toUpperCase(Locale.ROOT);
    }

    /**
     * The position of a text, with fewer strings in between than {@link LogSequenceNumber#valueOf(String)} makes.
     *
     * @throws NumberFormatException if the text is none; the driver takes a text without a slash for 0/0
     */
    public static LogSequenceNumber parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new NumberFormatException("No position in the WAL");
        }
        long high = Integer.parseUnsignedInt(text, 0, slash, HEXADECIMAL);
        long low = Integer.toUnsignedLong(Integer.parseUnsignedInt(text, slash + 1, text.length(), HEXADECIMAL));
        return LogSequenceNumber.valueOf(high << Integer.SIZE | low);
    }
}
