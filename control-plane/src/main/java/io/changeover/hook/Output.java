package io.changeover.hook;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The beginning of what a hook writes. All of it is read, so that it never waits for a reader, and the rest dropped.
 */
final class Output {

    private static final int BYTES = 4000;
    private static final int LINES = 10;
    private static final int LENGTH = 1000;

    private final byte[] begin = new byte[BYTES];
    private int length;

    /** Reads on until there is nothing more. */
    void readAll(InputStream stream) {
        byte[] piece = new byte[BYTES];
        try (stream) {
            for (int read = stream.read(piece); read >= 0; read = stream.read(piece)) {
                add(piece, read);
            }
        } catch (IOException e) {
            // it was ended, or a child of it still has the other end: what was read until now counts
        }
    }

    private synchronized void add(byte[] piece, int read) {
        int fits = Math.min(read, BYTES - length);
        System.arraycopy(piece, 0, begin, length, fits);
        length += fits;
    }

    /** A few lines, in which these do not occur. */
    synchronized String text(List<String> secrets) {
        String text = new String(begin, 0, length, StandardCharsets.UTF_8);
        for (String secret : secrets) {
            text = secret.isEmpty() ? text : text.replace(secret, "(hidden)");
        }
        String lines = text.lines()
                .map(line -> line.replaceAll("[\\p{Cntrl}\\uFFFD]+", " ").strip())
                .filter(line -> !line.isEmpty())
                .limit(LINES)
                .collect(Collectors.joining("\n"));
        return lines.substring(0, Math.min(LENGTH, lines.length()));
    }
}
