package io.changeover.sink.visibility;

/** What to do with a change. */
public enum Verdict {
    /** The target does not hold it yet. */
    APPLY,
    /** The full load has brought it. */
    SKIP,
    /** The full load has not finished: nobody knows yet. */
    WAIT
}
