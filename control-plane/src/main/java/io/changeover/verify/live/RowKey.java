package io.changeover.verify.live;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Which row: the texts of its key's columns, in the key's order. Two keys that the server holds to be equal may be
 * written differently ({@code 1.0} and {@code 1.00}); then the same row is asked for twice, which does no harm.
 */
record RowKey(List<String> values) {

    private static final int SHOWN_BYTES = 8;

    RowKey {
        values = List.copyOf(values);
    }

    /** Names the row without a value of it: the beginning of the SHA-256 of the texts, separated by {@code |}. */
    String hash() {
        try {
            byte[] text = String.join("|", values).getBytes(StandardCharsets.UTF_8);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
            return HexFormat.of().formatHex(hash, 0, SHOWN_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** The hash: values do not belong into logs. */
    @Override
    public String toString() {
        return hash();
    }
}
