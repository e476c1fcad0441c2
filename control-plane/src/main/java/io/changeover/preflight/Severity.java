package io.changeover.preflight;

/** What a finding does to the migration. */
public enum Severity {
    /** The migration does not begin. */
    BLOCKS,
    /** It begins; somebody should know and decide. */
    WARNS,
    /** It begins; good to know. */
    INFORMS
}
