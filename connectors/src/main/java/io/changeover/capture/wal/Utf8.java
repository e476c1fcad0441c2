package io.changeover.capture.wal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Strict UTF-8: what cannot be text is an error and never a question mark. */
final class Utf8 {

    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /**
     * The text of some bytes.
     *
     * @throws IllegalArgumentException if they are not UTF-8
     */
    static String text(byte[] bytes, int from, int length) {
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0 && !isEncodingOf(text, bytes, from, length)) {
            throw new IllegalArgumentException("bytes that are not UTF-8");
        }
        return text;
    }

    private static boolean isEncodingOf(String text, byte[] bytes, int from, int length) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(encoded, 0, encoded.length, bytes, from, from + length);
    }

    /** How many of at most {@code length} bytes are whole characters, if the text goes on behind them. */
    static int wholeCharacters(byte[] bytes, int from, int length) {
        int end = length;
        while (end > 0 && isContinuation(bytes[from + end])) {
            end--;
        }
        return end;
    }

    private static boolean isContinuation(byte octet) {
        return (octet & 0xC0) == 0x80;
    }
}
