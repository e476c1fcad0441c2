package io.changeover.api;

import io.changeover.contract.TableCounts;
import io.changeover.former.FormerSource;
import io.changeover.lag.IndexProgress;
import io.changeover.lag.Pending;
import io.changeover.lag.Progress;
import io.changeover.lag.Slot;
import io.changeover.lag.TableProgress;
import io.changeover.ledger.QuarantineLedger;
import io.changeover.migration.Change;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.ConnectorLook;
import io.changeover.migration.CutoverResult;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.HookRun;
import io.changeover.migration.Migration;
import io.changeover.migration.Rehearsal;
import io.changeover.migration.Revision;
import io.changeover.migration.Step;
import io.changeover.migration.Transition;
import io.changeover.migration.Wish;
import io.changeover.runner.ControlPlane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The JSON shapes of the API; what they are called is in docs/rest.md. Durations are milliseconds, sizes bytes. */
public final class Views {

    private Views() {}

    /** A migration in a list. */
    public record MigrationView(
            String name, String revision, String source, String target, List<DatabaseSummary> databases) {}

    /** A pair in a list. */
    public record DatabaseSummary(String source, String target, String state, Instant since, Optional<String> reason) {}

    /** A database pair. */
    public record DatabaseView(
            String migration,
            String revision,
            String source,
            String target,
            String state,
            Instant since,
            Optional<String> reason,
            FullLoad fullLoad,
            IncrementalSync incrementalSync,
            Optional<PendingView> pending,
            Optional<SlotView> slot,
            Optional<List<ConnectorLook>> connectors,
            List<CauseView> causes,
            List<String> warnings,
            List<QuarantineView> quarantine,
            CutoverView cutover,
            Optional<ComparisonResult> comparison,
            Optional<FormerSource> formerSource,
            boolean cleanedUp,
            boolean finished,
            Optional<String> asked,
            Optional<FallbackView> fallback,
            List<Transition> timeline) {}

    /** What changes of a pair all the time. */
    public record ProgressView(
            String migration,
            String source,
            String state,
            FullLoad fullLoad,
            IncrementalSync incrementalSync,
            Optional<PendingView> pending) {}

    static ProgressView progress(DatabaseView view) {
        return new ProgressView(
                view.migration(), view.source(), view.state(), view.fullLoad(), view.incrementalSync(), view.pending());
    }

    /** The full load of all tables. */
    public record FullLoad(
            int tablesTotal,
            int tablesDone,
            long rows,
            long estimatedRows,
            long bytes,
            long rowsPerSecond,
            long bytesPerSecond,
            Optional<Long> etaMillis,
            long snapshotHeldMillis,
            long snapshotAgeTransactions,
            IndexesView indexes) {}

    /** Keys and indexes that are made after the rows. */
    public record IndexesView(int total, int done, List<BuildingView> building) {}

    /** A key or an index that the server is making; phase in its words. */
    public record BuildingView(String table, String phase, Optional<Integer> percent) {}

    /** Changes applied since the load. */
    public record IncrementalSync(long inserts, long updates, long deletes, long truncates, long transactions) {}

    /** What is not on the target yet; LSNs as PostgreSQL writes them. */
    public record PendingView(
            long changes,
            long records,
            long bytes,
            long walBytes,
            String sourceLsn,
            String slotLsn,
            String capturedLsn,
            String appliedLsn,
            long lagMillis,
            long capturedPerSecond,
            long appliedPerSecond,
            Optional<Long> etaMillis) {}

    /** Why pending changes do not become fewer. */
    public record CauseView(String kind, String message) {}

    /** The replication slot, and the WAL that the source keeps for it; status and room from PostgreSQL 13 on. */
    public record SlotView(
            String name,
            boolean active,
            long retainedWalBytes,
            Optional<String> walStatus,
            Optional<Long> safeWalBytes) {}

    /** A change that could not be applied, and what became of its table. */
    public record QuarantineView(
            String table,
            String state,
            String operation,
            String commitLsn,
            String sqlState,
            String message,
            long failures,
            long heldBack,
            Instant failedAt) {}

    /** Whether a cutover can begin, why not, when it is to, what a rehearsal predicts, and what it did. */
    public record CutoverView(
            boolean ready,
            boolean requested,
            Optional<Instant> at,
            Optional<Instant> until,
            Optional<String> abortedBy,
            List<String> blockers,
            Optional<Rehearsal> rehearsal,
            Optional<CutoverResult> result,
            List<HookView> hooks) {}

    /** A hook that was run, or is being run. */
    public record HookView(
            String name,
            String direction,
            String phase,
            String step,
            String state,
            String result,
            String output,
            Instant attempt,
            Instant began,
            long millis,
            boolean repeated) {}

    /** A table. */
    public record TableView(
            String table,
            String state,
            long rows,
            long estimatedRows,
            long bytes,
            long rowsPerSecond,
            Optional<Long> etaMillis,
            int parts,
            int partsDone,
            Optional<String> error,
            long inserts,
            long updates,
            long deletes,
            long truncates,
            long pending) {}

    /** What a specification would change; all of it if there is no migration of that name yet. */
    public record DifferenceView(boolean created, Optional<String> revision, List<ChangeView> changes) {}

    /** Something that would be different: of the migration, or of a database; empty text stands for nothing. */
    public record ChangeView(String database, String what, String before, String after) {}

    static DifferenceView difference(Optional<Migration> before, Migration after) {
        return new DifferenceView(
                before.isEmpty(),
                before.map(Revision::of).map(Revision::text),
                Change.between(before, Optional.of(after)).stream()
                        .map(change ->
                                new ChangeView(change.database(), change.what(), change.before(), change.after()))
                        .toList());
    }

    static MigrationView migration(Migration migration) {
        return new MigrationView(
                migration.name(),
                Revision.of(migration).text(),
                migration.spec().source().host() + ":"
                        + migration.spec().source().port(),
                migration.spec().target().host() + ":"
                        + migration.spec().target().port(),
                migration.databases().stream().map(Views::summary).toList());
    }

    private static DatabaseSummary summary(DatabaseStatus status) {
        return new DatabaseSummary(
                status.pair().source(), status.pair().target(), status.state().name(), status.since(), status.reason());
    }

    static DatabaseView database(ControlPlane controlPlane, Migration migration, DatabaseStatus status) {
        String name = migration.name();
        Progress progress = controlPlane.progress(name, status.pair());
        List<String> blockers = controlPlane.blockers(name, status);
        boolean cleanedUp = status.done().contains(Step.CLEAN_UP);
        Optional<FormerSource> former = controlPlane.formerSource(name, status);
        Optional<Slot> slot = progress.slot().filter(last -> !cleanedUp);
        return new DatabaseView(
                migration.name(),
                Revision.of(status).text(),
                status.pair().source(),
                status.pair().target(),
                status.state().name(),
                status.since(),
                status.reason(),
                fullLoad(progress),
                incrementalSync(progress),
                progress.pending().map(Views::pending),
                slot.map(Views::slot),
                controlPlane.connectors(name, status.pair()),
                controlPlane.causes(name, status).stream()
                        .map(each -> new CauseView(each.kind().word(), each.message()))
                        .toList(),
                warnings(cleanedUp ? List.of() : progress.warnings(), former),
                progress.quarantine().stream().map(Views::quarantine).toList(),
                new CutoverView(
                        blockers.isEmpty(),
                        status.cutoverRequested(),
                        status.cutoverPlan().at(),
                        status.cutoverPlan().until(),
                        status.cutoverPlan().abortedBy(),
                        blockers,
                        status.cutoverPlan().rehearsal(),
                        status.cutover(),
                        status.hooks().stream().map(Views::hook).toList()),
                status.comparison(),
                former,
                cleanedUp,
                status.finished().orElse(false),
                status.wish().map(Wish::name),
                FallbackView.of(controlPlane, name, status),
                status.timeline());
    }

    private static List<String> warnings(List<String> seen, Optional<FormerSource> former) {
        List<String> all = new ArrayList<>(seen);
        former.ifPresent(source -> all.addAll(source.warnings()));
        return all;
    }

    private static HookView hook(HookRun run) {
        return new HookView(
                run.name(),
                run.direction().word(),
                run.at().word(),
                run.step().word(),
                run.state().name().toLowerCase(Locale.ROOT),
                run.result(),
                run.output(),
                run.attempt(),
                run.began(),
                run.millis(),
                run.repeated());
    }

    private static FullLoad fullLoad(Progress progress) {
        List<TableProgress> tables = progress.tables();
        return new FullLoad(
                tables.size(),
                (int) tables.stream()
                        .filter(table -> table.state() == TableProgress.LoadState.LOADED)
                        .count(),
                sum(tables, TableProgress::rows),
                sum(tables, TableProgress::estimatedRows),
                sum(tables, TableProgress::bytes),
                Math.round(progress.load().rowsPerSecond()),
                Math.round(progress.load().bytesPerSecond()),
                progress.load().rest().map(Duration::toMillis),
                progress.horizon().held().toMillis(),
                progress.horizon().transactions(),
                indexes(progress.indexes()));
    }

    private static IndexesView indexes(IndexProgress indexes) {
        return new IndexesView(
                indexes.total(),
                indexes.made(),
                indexes.building().stream()
                        .map(each -> new BuildingView(
                                each.table(),
                                each.phase(),
                                each.percent().stream().boxed().findFirst()))
                        .toList());
    }

    private static IncrementalSync incrementalSync(Progress progress) {
        List<TableCounts> applied =
                progress.tables().stream().map(TableProgress::applied).toList();
        return new IncrementalSync(
                sum(applied, TableCounts::inserts),
                sum(applied, TableCounts::updates),
                sum(applied, TableCounts::deletes),
                sum(applied, TableCounts::truncates),
                progress.transactions());
    }

    static PendingView pending(Pending pending) {
        return new PendingView(
                pending.changes(),
                pending.records(),
                pending.bytes(),
                pending.walBytes(),
                pending.sourceLsn().asString(),
                pending.slotLsn().asString(),
                pending.capturedLsn().asString(),
                pending.appliedLsn().asString(),
                pending.lagMillis(),
                Math.round(pending.flow().capturedPerSecond()),
                Math.round(pending.flow().appliedPerSecond()),
                pending.flow().rest().map(Duration::toMillis));
    }

    static SlotView slot(Slot slot) {
        return new SlotView(slot.name(), slot.active(), slot.retainedBytes(), slot.walStatus(), slot.safeBytes());
    }

    static QuarantineView quarantine(QuarantineLedger.Entry entry) {
        QuarantineLedger.Failure failure = entry.failure();
        return new QuarantineView(
                failure.table().toString(),
                failure.state().word(),
                failure.operation(),
                failure.commitLsn().asString(),
                failure.sqlState(),
                failure.message(),
                entry.failures(),
                entry.heldBack(),
                entry.failedAt());
    }

    static TableView table(TableProgress table) {
        return new TableView(
                table.table().toString(),
                table.state().name().toLowerCase(Locale.ROOT),
                table.rows(),
                table.estimatedRows(),
                table.bytes(),
                Math.round(table.rowsPerSecond()),
                table.rest().map(Duration::toMillis),
                table.parts(),
                table.partsDone(),
                table.error(),
                table.applied().inserts(),
                table.applied().updates(),
                table.applied().deletes(),
                table.applied().truncates(),
                table.pending());
    }

    private static <T> long sum(List<T> list, ToLongFunction<T> number) {
        return list.stream().mapToLong(number).sum();
    }
}
