package io.changeover.migration;

/** Which stream of a pair. */
public enum Way {
    /** The target follows the source. */
    THERE,
    /** After the cutover the old source follows the target. */
    BACK
}
