package io.changeover.metrics;

import io.changeover.contract.TableCounts;
import io.changeover.former.FormerClient;
import io.changeover.former.FormerSource;
import io.changeover.lag.Pending;
import io.changeover.lag.Progress;
import io.changeover.lag.Slot;
import io.changeover.lag.TableProgress;
import io.changeover.lag.TableProgress.LoadState;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Step;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Turns what is known of a pair into values. */
final class PairValues {

    private static final double MILLIS = 1000.0;

    private final PairSample sample;
    private final Families families;
    private final Labels labels;

    private PairValues(PairSample sample, Families families) {
        this.sample = sample;
        this.families = families;
        this.labels = Labels.of(
                "migration",
                sample.migration(),
                "database",
                sample.status().pair().source());
    }

    /** Adds the values of a pair. */
    static void add(PairSample sample, Instant now, Families families) {
        PairValues values = new PairValues(sample, families);
        values.state();
        values.load(now);
        values.changes();
        sample.progress().pending().ifPresent(values::pending);
        if (!sample.status().done().contains(Step.CLEAN_UP)) {
            sample.progress().slot().ifPresent(values::slot);
        }
        values.connectors();
        values.cutover();
        values.verification();
        sample.status().fallback().ifPresent(back -> values.fallback());
        sample.former().ifPresent(values::former);
    }

    /** Adds the values of a pair's tables. */
    static void addTables(PairSample sample, Families families) {
        PairValues values = new PairValues(sample, families);
        sample.progress().tables().forEach(values::table);
    }

    private void state() {
        for (DatabaseState state : DatabaseState.values()) {
            put(Metric.STATE, sample.status().state() == state ? 1 : 0, "state", state.name());
        }
        put(Metric.WARNINGS, sample.progress().warnings().size());
        sample.causes()
                .forEach(cause -> put(Metric.HELD_BACK, 1, "cause", cause.kind().word()));
    }

    private void load(Instant now) {
        Progress progress = sample.progress();
        List<TableProgress> tables = progress.tables();
        put(Metric.LOOK_AGE_SECONDS, seconds(Duration.between(progress.at(), now)));
        for (LoadState state : LoadState.values()) {
            long count = tables.stream().filter(table -> table.state() == state).count();
            put(Metric.TABLES, count, "load_state", state.name().toLowerCase(Locale.ROOT));
        }
        put(Metric.LOADED_ROWS, sum(tables, TableProgress::rows));
        put(Metric.ESTIMATED_ROWS, sum(tables, TableProgress::estimatedRows));
        put(Metric.LOADED_BYTES, sum(tables, TableProgress::bytes));
        put(Metric.LOAD_ROWS_PER_SECOND, progress.load().rowsPerSecond());
        progress.load().rest().ifPresent(rest -> put(Metric.LOAD_REMAINING_SECONDS, seconds(rest)));
        put(Metric.SNAPSHOT_HELD_SECONDS, seconds(progress.horizon().held()));
        put(
                Metric.INDEXES_TO_MAKE,
                progress.indexes().total() - progress.indexes().made());
    }

    private void changes() {
        List<TableCounts> applied =
                sample.progress().tables().stream().map(TableProgress::applied).toList();
        put(Metric.APPLIED_TOTAL, sum(applied, TableCounts::inserts), "op", "insert");
        put(Metric.APPLIED_TOTAL, sum(applied, TableCounts::updates), "op", "update");
        put(Metric.APPLIED_TOTAL, sum(applied, TableCounts::deletes), "op", "delete");
        put(Metric.APPLIED_TOTAL, sum(applied, TableCounts::truncates), "op", "truncate");
        put(Metric.APPLIED_TRANSACTIONS_TOTAL, sample.progress().transactions());
        put(Metric.QUARANTINED_TABLES, sample.progress().quarantine().size());
    }

    private void pending(Pending pending) {
        put(Metric.PENDING_CHANGES, pending.changes());
        put(Metric.PENDING_RECORDS, pending.records());
        put(Metric.PENDING_BYTES, pending.bytes());
        put(Metric.PENDING_WAL_BYTES, pending.walBytes());
        put(Metric.APPLY_LAG_SECONDS, pending.lagMillis() / MILLIS);
        put(Metric.CAPTURED_CHANGES_PER_SECOND, pending.flow().capturedPerSecond());
        put(Metric.APPLIED_CHANGES_PER_SECOND, pending.flow().appliedPerSecond());
        pending.flow().rest().ifPresent(rest -> put(Metric.CATCH_UP_SECONDS, seconds(rest)));
    }

    private void slot(Slot slot) {
        put(Metric.SLOT_ACTIVE, slot.active() ? 1 : 0);
        put(Metric.SLOT_LOST, slot.lost() ? 1 : 0);
        put(Metric.SLOT_RETAINED_WAL_BYTES, slot.retainedBytes());
        slot.safeBytes().ifPresent(bytes -> put(Metric.SLOT_SAFE_WAL_BYTES, bytes));
    }

    private void fallback() {
        put(Metric.FALLBACK_READY, sample.backReady() ? 1 : 0);
        sample.back().pending().ifPresent(pending -> {
            put(Metric.FALLBACK_PENDING_CHANGES, pending.changes());
            put(Metric.FALLBACK_LAG_SECONDS, pending.lagMillis() / MILLIS);
        });
        sample.back().slot().ifPresent(slot -> put(Metric.FALLBACK_SLOT_RETAINED_WAL_BYTES, slot.retainedBytes()));
    }

    private void connectors() {
        Stream.concat(sample.connectors().stream(), sample.backConnectors().stream())
                .forEach(connector -> {
                    int failed = connector.failure().isPresent() ? 1 : 0;
                    put(Metric.CONNECTOR_FAILED, failed, "connector", connector.name());
                    put(Metric.CONNECTOR_TASKS_RUNNING, connector.running(), "connector", connector.name());
                });
    }

    private void cutover() {
        DatabaseStatus status = sample.status();
        put(Metric.CUTOVER_READY, sample.ready() ? 1 : 0);
        status.cutover().ifPresent(done -> put(Metric.CUTOVER_FREEZE_SECONDS, done.freezeMillis() / MILLIS));
        status.comparison()
                .ifPresent(done ->
                        put(Metric.COMPARISON_DIFFERENCES, done.differences().size()));
    }

    private void verification() {
        VerificationSample found = sample.verification();
        found.tables().forEach((state, count) -> put(Metric.VERIFICATION_TABLES, count, "verification_state", state));
        put(Metric.VERIFICATION_ROWS, found.rows());
        put(Metric.VERIFICATION_MISMATCHES, found.mismatches());
        put(Metric.VERIFICATION_OPEN_ROWS, found.open());
        put(Metric.VERIFICATION_UNDER_WAY, found.underWay() ? 1 : 0);
        found.ended().ifPresent(at -> put(Metric.VERIFICATION_LAST_TIMESTAMP_SECONDS, at.toEpochMilli() / MILLIS));
    }

    private void former(FormerSource source) {
        for (FormerClient.Kind kind : FormerClient.Kind.values()) {
            long count = source.stillConnected().stream()
                    .filter(client -> client.kind() == kind)
                    .count();
            put(Metric.FORMER_SOURCE_CLIENTS, count, "kind", kind.name().toLowerCase(Locale.ROOT));
        }
        put(Metric.FORMER_SOURCE_PROBLEMS, source.problems().size());
    }

    private void table(TableProgress table) {
        String name = table.table().toString();
        put(Metric.TABLE_LOADED_ROWS, table.rows(), "table", name);
        put(Metric.TABLE_PENDING_CHANGES, table.pending(), "table", name);
        TableCounts applied = table.applied();
        put(Metric.TABLE_APPLIED_TOTAL, applied.inserts(), "table", name, "op", "insert");
        put(Metric.TABLE_APPLIED_TOTAL, applied.updates(), "table", name, "op", "update");
        put(Metric.TABLE_APPLIED_TOTAL, applied.deletes(), "table", name, "op", "delete");
        put(Metric.TABLE_APPLIED_TOTAL, applied.truncates(), "table", name, "op", "truncate");
    }

    /** Whole numbers up to 2^53 are the same as a double. */
    private void put(Metric metric, long value, String... more) {
        put(metric, (double) value, more);
    }

    private void put(Metric metric, double value, String... more) {
        families.add(metric, value, more.length == 0 ? labels : labels.merge(Labels.of(more)));
    }

    private static double seconds(Duration time) {
        return time.toMillis() / MILLIS;
    }

    private static <T> long sum(List<T> list, ToLongFunction<T> number) {
        return list.stream().mapToLong(number).sum();
    }
}
