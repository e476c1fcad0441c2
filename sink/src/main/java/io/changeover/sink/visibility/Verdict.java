package io.changeover.sink.visibility;

/** What to do with a change. */
public enum Verdict {
    /** The target does not hold it yet. */
    APPLY,
    /** It is on the target, or will be: a load has brought it, or will. */
    SKIP,
    /** The full load has not finished: nobody knows yet. */
    WAIT
}
