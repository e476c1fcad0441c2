package io.changeover.verify.live;

import java.util.List;

/**
 * A range of keys.
 *
 * @param after the key before it; empty: from the first one on
 * @param upTo its last key; empty: up to the last one
 */
record Slice(List<String> after, List<String> upTo) {

    /** Every row. */
    static final Slice ALL = new Slice(List.of(), List.of());

    Slice {
        after = List.copyOf(after);
        upTo = List.copyOf(upTo);
    }
}
