package io.changeover.migration;

/**
 * What is done for a database pair, in this order. Every step can be done again after a crash in the middle of it, and
 * a step that is recorded as done never has to be.
 */
public enum Step {
    /** Look at both servers. */
    PREFLIGHT(DatabaseState.PREFLIGHT),
    /** Make the tables on the target, without keys, indexes, foreign keys and triggers. */
    STRUCTURE(DatabaseState.SCHEMA),
    /** Make the publication on the source. */
    PUBLICATION(DatabaseState.SCHEMA),
    /** Start the capture and wait until its slot and its first offset are durable. */
    CAPTURE(DatabaseState.FULL_LOAD),
    /** Copy every table. */
    LOAD(DatabaseState.FULL_LOAD),
    /** Make keys, indexes and triggers on the target. */
    INDEXES(DatabaseState.FULL_LOAD),
    /** Start the sink and wait until the target is as the source was when the load had ended. */
    APPLY(DatabaseState.CATCHING_UP),
    /** Make the foreign keys, which proves them. */
    FOREIGN_KEYS(DatabaseState.CATCHING_UP),
    /** Copy the large objects. */
    LARGE_OBJECTS(DatabaseState.CATCHING_UP),
    /** Gather the planner's statistics on the target. */
    STATISTICS(DatabaseState.CATCHING_UP),
    /** Wait until the target follows closely and a cutover is wanted. */
    IN_SYNC(DatabaseState.CATCHING_UP),
    /** Fence, drain, switch. */
    CUTOVER(DatabaseState.CUTTING_OVER),
    /** Compare every row as it was at the fence. */
    COMPARISON(DatabaseState.COMPLETED),
    /** Remove connectors, slot and publication. */
    CLEAN_UP(DatabaseState.COMPLETED);

    private final DatabaseState state;

    Step(DatabaseState state) {
        this.state = state;
    }

    /** The state in which the step is done. */
    public DatabaseState state() {
        return state;
    }
}
