package io.changeover.sink.apply;

import java.sql.SQLException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/**
 * Writes rows in COPY's text form: columns between tabs, NULL as {@code \N}. Of however long a value no more is held
 * than a buffer's length. Not thread-safe.
 */
public final class CopyRows {

    private static final int SIZE = 64 * 1024;

    /** The most that one character takes. */
    private static final int CHARACTER = 4;

    private final CopyIn copy;
    private final byte[] buffer = new byte[SIZE];
    private int length;
    private boolean inRow;

    public CopyRows(CopyIn copy) {
        this.copy = copy;
    }

    public void value(@Nullable String value) throws SQLException {
        makeRoom();
        if (inRow) {
            put('\t');
        }
        inRow = true;
        if (value == null) {
            put('\\');
            put('N');
        } else {
            append(value);
        }
    }

    public void endRow() throws SQLException {
        makeRoom();
        put('\n');
        inRow = false;
    }

    /** Sends the rest; how many rows the server has taken. */
    public long end() throws SQLException {
        flush();
        return copy.endCopy();
    }

    private void append(String value) throws SQLException {
        for (int i = 0; i < value.length(); i++) {
            makeRoom();
            char character = value.charAt(i);
            if (character < 0x80) {
                appendAscii(character);
            } else if (Character.isHighSurrogate(character)) {
                appendSupplementary(value, i++);
            } else if (Character.isLowSurrogate(character)) {
                throw notText();
            } else if (character < 0x800) {
                put(0xc0 | (character >> 6));
                putRest(character, 0);
            } else {
                put(0xe0 | (character >> 12));
                putRest(character, 6);
                putRest(character, 0);
            }
        }
    }

    private void appendAscii(char character) {
        char escape = switch (character) {
            case '\\' -> '\\';
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            default -> 0;
        };
        if (escape != 0) {
            put('\\');
        }
        put(escape == 0 ? character : escape);
    }

    private void appendSupplementary(String value, int place) {
        int character = value.codePointAt(place);
        if (!Character.isSupplementaryCodePoint(character)) {
            throw notText();
        }
        put(0xf0 | (character >> 18));
        putRest(character, 12);
        putRest(character, 6);
        putRest(character, 0);
    }

    private void putRest(int character, int shift) {
        put(0x80 | ((character >> shift) & 0x3f));
    }

    private void put(int value) {
        buffer[length++] = (byte) value;
    }

    private void makeRoom() throws SQLException {
        if (length > SIZE - CHARACTER) {
            flush();
        }
    }

    private void flush() throws SQLException {
        copy.writeToCopy(buffer, 0, length);
        length = 0;
    }

    private static ConnectException notText() {
        return new ConnectException("A value holds half a character: it is no text, and no server has sent it");
    }
}
