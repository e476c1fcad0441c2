package io.changeover.sink.apply;

import java.util.List;

/** How rows are divided, so that none of the copies that driver and server make of them is large. */
final class Chunks {

    /** 5,000 are as fast on a server that is near; each chunk costs a round trip. */
    static final int MAX_ROWS = 50_000;

    /** In memory, or one row if that is larger. */
    static final long MAX_BYTES = 16 << 20;

    private Chunks() {}

    /**
     * Where the chunk ends that begins at a row.
     *
     * @param parts columns of the same rows
     */
    static int end(List<RowSets.Rows> parts, int from) {
        int size = parts.get(0).size();
        long bytes = 0;
        for (int row = from; row < size; row++) {
            for (RowSets.Rows part : parts) {
                bytes += part.bytes(row);
            }
            if (row > from && (bytes > MAX_BYTES || row - from >= MAX_ROWS)) {
                return row;
            }
        }
        return size;
    }
}
