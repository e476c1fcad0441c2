package io.changeover.verify.live;

/**
 * What three looks at a key say: at the source, then, when all that had committed by that time was applied, at the
 * target, and when that is done at the source again.
 */
enum Judgement {
    /** The target has what the source had at one of its looks. What came after it is asked for by the stream. */
    EQUAL,
    /** The source's row was the same version all the time, and the target has something else. */
    DIFFERENT,
    /** Twice the source had no such row and the target has one: perhaps it came and went, so it is asked again. */
    SUSPECT,
    /** The row changes; it is asked again. */
    MOVING;

    static Judgement of(RowLook before, RowLook target, RowLook after) {
        if (target.mark().equals(before.mark()) || target.mark().equals(after.mark())) {
            return EQUAL;
        }
        if (!before.version().equals(after.version())) {
            return MOVING;
        }
        return before.isThere() ? DIFFERENT : SUSPECT;
    }
}
