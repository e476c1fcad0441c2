package io.changeover.sink.apply;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Rows in COPY's text form: columns between tabs, NULL as {@code \N}. Not thread-safe. */
final class CopyRows {

    private static final int FULL = 64 * 1024;

    private final StringBuilder text = new StringBuilder(FULL + FULL / 2);
    private boolean inRow;

    void value(@Nullable String value) {
        if (inRow) {
            text.append('\t');
        }
        inRow = true;
        if (value == null) {
            text.append("\\N");
        } else {
            append(value);
        }
    }

    void endRow() {
        text.append('\n');
        inRow = false;
    }

    boolean isFull() {
        return text.length() >= FULL;
    }

    /** What was added since the last time. */
    byte[] take() {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        text.setLength(0);
        return bytes;
    }

    private void append(String value) {
        int plain = 0;
        for (int i = 0; i < value.length(); i++) {
            char escape = escapeOf(value.charAt(i));
            if (escape != 0) {
                text.append(value, plain, i).append('\\').append(escape);
                plain = i + 1;
            }
        }
        text.append(value, plain, value.length());
    }

    private static char escapeOf(char character) {
        return switch (character) {
            case '\\' -> '\\';
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            default -> 0;
        };
    }
}
