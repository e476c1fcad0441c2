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
     * How much some rows are.
     *
     * @param bytes about how much memory they take
     */
    record Size(int rows, long bytes) {

        static final Size NONE = new Size(0, 0);

        Size plus(Size other) {
            return new Size(rows + other.rows, bytes + other.bytes);
        }

        boolean fitsIntoOne() {
            return rows <= MAX_ROWS && bytes <= MAX_BYTES;
        }
    }

    /**
     * How much all rows are.
     *
     * @param parts columns of the same rows
     */
    static Size size(List<RowSets.Rows> parts) {
        int rows = parts.get(0).size();
        long bytes = 0;
        for (RowSets.Rows part : parts) {
            for (int row = 0; row < rows; row++) {
                bytes += part.bytes(row);
            }
        }
        return new Size(rows, bytes);
    }

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
