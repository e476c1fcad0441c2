package io.changeover.spec;

import java.util.Optional;

/**
 * How the full load goes.
 *
 * @param mode which way the rows go
 * @param readers how many tables or parts are read at once, to begin with; empty: as many as there are tasks
 * @param bytesPerSecond all of them together, to begin with; empty: no limit
 * @param existingIndexes what happens to indexes that are on the target already
 */
public record LoadSpec(
        LoadMode mode, Optional<Integer> readers, Optional<Long> bytesPerSecond, ExistingIndexMode existingIndexes) {

    /** From server to server, without limits; indexes stay. */
    public static final LoadSpec DEFAULT =
            new LoadSpec(LoadMode.COPY, Optional.empty(), Optional.empty(), ExistingIndexMode.KEEP);
}
