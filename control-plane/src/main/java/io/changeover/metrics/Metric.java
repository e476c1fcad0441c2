package io.changeover.metrics;

import java.util.Locale;

/**
 * Every metric of the control plane: what it is called, its labels besides {@code migration} and {@code database}, and
 * what it means. docs/metrics.md is written from it.
 */
public enum Metric {
    LEADS("", "1 while this control plane leads, 0 when another one has taken over. No migration, no database."),
    STATE("state", "1 for the state that the database pair is in, 0 for the others."),
    LOOK_AGE_SECONDS("", "How old the numbers of the pair are; grows when a server does not answer."),
    TABLES("load_state", "Tables by how far their load is: waiting, loading, catching_up, loaded."),
    LOADED_ROWS("", "Rows that the full load has copied."),
    ESTIMATED_ROWS("", "Rows that the source's statistics say there are to load."),
    LOADED_BYTES("", "Bytes that the full load has copied, as COPY carries them."),
    LOAD_ROWS_PER_SECOND("", "How fast the full load is, of late."),
    LOAD_REMAINING_SECONDS("", "How long the rest of the full load takes at this rate; absent while nothing moves."),
    SNAPSHOT_HELD_SECONDS("", "How long the oldest snapshot of a loader has been held on the source."),
    INDEXES_TO_MAKE("", "Keys and indexes that are still to be made."),
    PENDING_CHANGES("", "Changes that are captured and not applied."),
    PENDING_RECORDS("", "Records of the change topic that are not applied."),
    PENDING_BYTES("", "Bytes of those records."),
    PENDING_WAL_BYTES("", "WAL of the source that is not captured."),
    APPLY_LAG_SECONDS("", "How long ago the source was where the target is now."),
    CATCH_UP_SECONDS("", "How long until the target is where the source is; absent if it does not come nearer."),
    CAPTURED_CHANGES_PER_SECOND("", "Changes that reach the change topic, of late."),
    APPLIED_CHANGES_PER_SECOND("", "Changes that reach the target, of late."),
    APPLIED_TOTAL("op", "Changes applied since the load: insert, update, delete, truncate."),
    APPLIED_TRANSACTIONS_TOTAL("", "Source transactions applied."),
    HELD_BACK("cause", "1 for each cause that holds changes back; absent without one."),
    WARNINGS("", "Warnings that the pair has."),
    QUARANTINED_TABLES("", "Tables of which a change could not be applied."),
    SLOT_ACTIVE("", "1 while somebody reads the replication slot."),
    SLOT_LOST("", "1 when the source has removed WAL that was not captured."),
    SLOT_RETAINED_WAL_BYTES("", "WAL that the source keeps because of the slot."),
    SLOT_SAFE_WAL_BYTES("", "How much WAL the source may write before the slot is in danger; absent without a limit."),
    CONNECTOR_FAILED("connector", "1 when the connector, or a task of it, has failed."),
    CONNECTOR_TASKS_RUNNING("connector", "Tasks of the connector that run."),
    CUTOVER_READY("", "1 when a cutover could begin."),
    CUTOVER_FREEZE_SECONDS("", "How long the writers had to wait in the cutover; absent before it."),
    COMPARISON_DIFFERENCES("", "Differences that the comparison after the cutover has found; absent before it."),
    VERIFICATION_TABLES(
            "verification_state", "Tables by what their verification says: waiting, verified, different and so on."),
    VERIFICATION_ROWS("", "Rows of the source in tables that were compared to the end, or are being compared."),
    VERIFICATION_MISMATCHES("", "Rows that are known to differ, at most a thousand of a table."),
    VERIFICATION_OPEN_ROWS("", "Rows that changed since they were compared, and are still to be asked for."),
    VERIFICATION_LAST_TIMESTAMP_SECONDS(
            "", "When the last verification of all tables ended, in seconds since 1970; absent before it has."),
    VERIFICATION_UNDER_WAY("", "1 while rows are compared, or about to be."),
    FALLBACK_PENDING_CHANGES("", "Changes of the target that are captured and not applied to the old source."),
    FALLBACK_LAG_SECONDS("", "How long ago the target was where the old source is now."),
    FALLBACK_SLOT_RETAINED_WAL_BYTES("", "WAL that the target keeps because of the slot of the way back."),
    FALLBACK_READY("", "1 when a rollback could begin; absent without a way back."),
    FORMER_SOURCE_CLIENTS(
            "kind",
            "Sessions of others on the source after COMPLETED: connected, failed (their transaction has), writes."),
    FORMER_SOURCE_PROBLEMS("", "What tells that somebody has written to the source after COMPLETED; absent before it."),
    TABLE_LOADED_ROWS("table", "Rows of the table that the full load has copied."),
    TABLE_PENDING_CHANGES("table", "Changes of the table that are captured and not applied."),
    TABLE_APPLIED_TOTAL("table, op", "Changes of the table applied since its load.");

    private static final String TOTAL = "_total";

    private final String labels;
    private final String help;

    Metric(String labels, String help) {
        this.labels = labels;
        this.help = help;
    }

    /** As Prometheus has it, {@code changeover_pending_changes}. */
    public String metricName() {
        return "changeover_" + name().toLowerCase(Locale.ROOT);
    }

    /** Whether it only grows. */
    boolean counts() {
        return metricName().endsWith(TOTAL);
    }

    /** Without the suffix that the text format adds to a counter. */
    String baseName() {
        return counts() ? metricName().substring(0, metricName().length() - TOTAL.length()) : metricName();
    }

    /** Names of further labels, with commas. */
    public String labels() {
        return labels;
    }

    /** What it means. */
    public String help() {
        return help;
    }

    /** Whether it is one of those with a value for each table, which are read apart. */
    public boolean ofTables() {
        return name().startsWith("TABLE_");
    }
}
