package io.changeover.demo;

/** How a transaction of the write load ended, as far as the application is concerned. */
enum Outcome {
    /** It did what it wanted: commit. */
    DONE,
    /** Another client was faster, or there was no such row: roll back and go on with something else. */
    LOST_RACE,
    /** It was to be rolled back from the beginning. */
    CHANGED_MIND;

    /** {@link #DONE} if a statement found its rows. */
    static Outcome of(int rows) {
        return rows == 0 ? LOST_RACE : DONE;
    }
}
