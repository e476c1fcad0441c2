package io.changeover.sink.rows;

/** What a record does that cannot be applied. It is recorded in the quarantine, whatever that is. */
public enum RowFailureMode {
    /** The task stops before it, and goes on with it when it is started again. */
    STOP,
    /** Its table is set aside from it on, as far as the record's partition goes; all others go on. */
    STOP_TABLE,
    /** It goes into Connect's dead letter queue, and is left out. */
    LEAVE_OUT
}
