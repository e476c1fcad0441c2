package io.changeover.sink.rows;

/** How many tables' changes were written as sets, and how many the server has refused so. Not thread-safe. */
final class SetCounts {

    private long taken;
    private long refused;

    void taken() {
        taken++;
    }

    void refused() {
        refused++;
    }

    long takenCount() {
        return taken;
    }

    long refusedCount() {
        return refused;
    }
}
