package io.changeover.verify.live;

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
        return Sum.of(String.join("|", values), SHOWN_BYTES);
    }

    /** The hash: values do not belong into logs. */
    @Override
    public String toString() {
        return hash();
    }
}
