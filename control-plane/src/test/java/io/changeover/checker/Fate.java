package io.changeover.checker;

/** What an application knows of a transaction of its own. */
enum Fate {
    /** The server has acknowledged the commit: it is there for ever. */
    COMMITTED,
    /** It was rolled back, or a statement of it was refused: it is nowhere. */
    ROLLED_BACK,
    /** The answer to the commit was lost: either. */
    UNKNOWN
}
