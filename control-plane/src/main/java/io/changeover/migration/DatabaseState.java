package io.changeover.migration;

/** Where a database pair is. The names are those of REST, command line and documents. */
public enum DatabaseState {
    /** Known, not started. */
    CREATED,
    /** Both servers are being looked at; nothing is changed. */
    PREFLIGHT,
    /** The target gets its tables, the source its publication. */
    SCHEMA,
    /** The capture runs, the tables are being copied. */
    FULL_LOAD,
    /** The changes since are being applied. */
    CATCHING_UP,
    /** Everything is loaded and proved, and what is pending is seconds old. */
    READY_TO_CUTOVER,
    /** The source is fenced; the rest is being applied. */
    CUTTING_OVER,
    /** The target is writable and has everything; the source is read-only. */
    COMPLETED,
    /** The target is fenced; the rest of its changes is being applied to the old source. */
    ROLLING_BACK,
    /** The old source is the one to write to again, and has everything; the target is read-only. */
    ROLLED_BACK,
    /** By a person: nothing is written to the target; what changes on the source is kept in the topic. */
    PAUSED,
    /** By a person: nothing is read from the source either, which keeps its WAL. */
    STOPPED,
    /** Stopped with a reason; can be started again and goes on where it was. */
    FAILED,
    /** Given up by a person; what was made for it is gone, the target keeps the rows that it has. */
    CANCELLED
}
