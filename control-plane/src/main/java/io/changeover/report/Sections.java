package io.changeover.report;

import io.changeover.migration.AuditEntry;
import io.changeover.migration.Change;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.CutoverResult;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.Evidence;
import io.changeover.migration.Fallback;
import io.changeover.migration.HookRun;
import io.changeover.migration.SchemaReport;
import io.changeover.spec.HookDirection;
import io.changeover.spec.ServerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What people read of a report, in this order. */
final class Sections {

    private Sections() {}

    static List<Section> of(AuditReport report) {
        List<Section> sections = new ArrayList<>();
        sections.add(Section.text(
                1,
                "Migration " + report.migration(),
                report.equal()
                        ? "All databases are completed" + (isAnyRolledBack(report) ? ", or rolled back," : "")
                                + " and equal on both sides."
                        : "NOT ALL IS COMPLETED, OR EQUAL ON BOTH SIDES.",
                "From " + server(report.specification().source()) + " to "
                        + server(report.specification().target()) + ". Last change: "
                        + report.asOf().map(Object::toString).orElse("none") + ". Changeover " + report.program()
                        + ", report version " + report.schemaVersion() + ". All times are UTC."));
        report.databases().forEach(database -> database(sections, database));
        sections.add(Section.text(2, "Audit"));
        sections.add(Section.table(
                "Who did what, and when",
                List.of("time", "who", "asked for", "what became of it"),
                report.history().stream().map(Sections::entry).toList()));
        return sections;
    }

    private static boolean isAnyRolledBack(AuditReport report) {
        return report.databases().stream().anyMatch(database -> database.state() == DatabaseState.ROLLED_BACK);
    }

    private static String server(ServerSpec server) {
        return server.host() + ":" + server.port() + " as " + server.user() + " (TLS: "
                + server.sslMode().word() + ")";
    }

    private static List<String> entry(AuditEntry entry) {
        return List.of(
                entry.at().toString(),
                entry.who(),
                entry.what(),
                entry.changes().stream().map(Sections::change).collect(Collectors.joining("; ")));
    }

    private static String change(Change change) {
        return (change.database() + " " + change.what() + ": " + change.before() + " → " + change.after()).strip();
    }

    private static void database(List<Section> sections, AuditReport.Database database) {
        sections.add(Section.text(
                2,
                database.source() + " → " + database.target() + ": " + database.state()
                        + (database.finished() ? ", finished" : ""),
                database.reason().map(List::of).orElse(List.of()).toArray(String[]::new)));
        sections.add(Section.table(
                "Timeline",
                List.of("state", "since", "milliseconds"),
                database.timeline().stream()
                        .map(stay -> List.of(
                                stay.state().name(),
                                stay.at().toString(),
                                stay.millis().map(String::valueOf).orElse("")))
                        .toList()));
        sections.add(Section.table(
                "Steps",
                List.of("step", "done at"),
                database.steps().stream()
                        .map(done -> List.of(done.step(), done.at().toString()))
                        .toList()));
        database.evidence().preflight().ifPresent(preflight -> sections.add(preflight(preflight)));
        database.evidence().ledger().ifPresent(ledger -> ledger(sections, ledger));
        database.verification()
                .ifPresent(found -> sections.add(VerificationSection.of("Verified while changes flowed", found)));
        database.evidence().gates().ifPresent(gates -> sections.add(gates("cutover", gates)));
        database.cutover().ifPresent(cutover -> sections.add(cutover(database.loadedLsn(), "Cutover", cutover)));
        hooks(sections, "Hooks", HookDirection.CUTOVER, database);
        database.comparison().ifPresent(comparison -> comparison(sections, comparison));
        database.fallback().ifPresent(fallback -> fallback(sections, fallback));
        database.verificationBack()
                .ifPresent(found -> sections.add(VerificationSection.of("Verified on the way back", found)));
        database.evidence().rollbackGates().ifPresent(gates -> sections.add(gates("rollback", gates)));
        hooks(sections, "Hooks of rollbacks", HookDirection.ROLLBACK, database);
    }

    private static void fallback(List<Section> sections, Fallback fallback) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("phase", fallback.phase().name()));
        fallback.marker().ifPresent(marker -> rows.add(List.of("marker on the target from which it applies", marker)));
        fallback.abortedBy().ifPresent(who -> rows.add(List.of("rollback aborted by", who)));
        sections.add(Section.table("Way back: the old source follows the target", List.of("what", "value"), rows));
        fallback.rollback()
                .ifPresent(rollback ->
                        sections.add(cutover(Optional.empty(), "Rollback, whose source is the target", rollback)));
        fallback.comparison().ifPresent(comparison -> comparison(sections, comparison));
    }

    private static void hooks(
            List<Section> sections, String title, HookDirection direction, AuditReport.Database database) {
        List<HookRun> runs = database.hooks().stream()
                .filter(run -> run.direction() == direction)
                .toList();
        if (!runs.isEmpty()) {
            sections.add(hooks(title, runs));
        }
    }

    private static Section hooks(String title, List<HookRun> runs) {
        return Section.table(
                title,
                List.of("hook", "attempt", "begun at", "milliseconds", "how it ended", "result", "output"),
                runs.stream()
                        .map(run -> List.of(
                                run.title(),
                                run.attempt().toString(),
                                run.began().toString(),
                                String.valueOf(run.millis()),
                                run.state().name(),
                                run.result(),
                                run.output()))
                        .toList());
    }

    private static Section gates(String of, Evidence.Gates gates) {
        return Section.table(
                "Gates when the " + of + " began, at " + gates.at(),
                List.of("gate", "as it was", "as it has to be"),
                gates.seen().stream()
                        .map(gate -> List.of(gate.name(), gate.value(), gate.threshold()))
                        .toList());
    }

    private static Section preflight(Evidence.Preflight preflight) {
        return Section.table(
                "Preflight at " + preflight.at() + ": " + preflight.findings().size() + " findings",
                List.of("code", "severity", "object", "message"),
                preflight.findings().stream()
                        .map(found -> List.of(found.code(), found.severity(), found.object(), found.message()))
                        .toList());
    }

    private static void ledger(List<Section> sections, Evidence.Ledger ledger) {
        sections.add(Section.table(
                "Servers",
                List.of("what", "value"),
                List.of(
                        List.of("PostgreSQL of the source", ledger.sourceVersion()),
                        List.of("PostgreSQL of the target", ledger.targetVersion()),
                        List.of("triggers and keys silenced by", ledger.silencedBy()),
                        List.of("read at", ledger.at().toString()))));
        sections.add(Section.table(
                "Load, and changes applied since",
                List.of(
                        "table",
                        "rows",
                        "bytes",
                        "snapshot",
                        "LSN after it",
                        "loaded at",
                        "inserts",
                        "updates",
                        "deletes",
                        "truncates"),
                ledger.tables().stream().map(Sections::table).toList()));
        sections.add(Section.table(
                "Foreign keys proved",
                List.of("table", "key", "definition", "violations", "on the source", "proved at", "milliseconds"),
                ledger.foreignKeys().stream()
                        .map(key -> List.of(
                                key.table(),
                                key.name(),
                                key.definition(),
                                String.valueOf(key.violations()),
                                String.valueOf(key.sourceViolations()),
                                key.provedAt().toString(),
                                String.valueOf(key.millis())))
                        .toList()));
        sections.add(Section.table(
                "Quarantine",
                List.of("change"),
                ledger.quarantine().stream().map(List::of).toList()));
        ledger.structure().ifPresent(structure -> structure(sections, structure));
    }

    private static List<String> table(Evidence.Table table) {
        return List.of(
                table.table(),
                String.valueOf(table.rows()),
                String.valueOf(table.bytes()),
                table.snapshot().orElse(""),
                table.snapshotLsn().orElse(""),
                table.loadedAt().map(Object::toString).orElse(""),
                String.valueOf(table.inserts()),
                String.valueOf(table.updates()),
                String.valueOf(table.deletes()),
                String.valueOf(table.truncates()));
    }

    private static void structure(List<Section> sections, SchemaReport structure) {
        sections.add(Section.table(
                "Roles; " + structure.grants().granted() + " rights granted, "
                        + structure.grants().revoked() + " revoked",
                List.of("role", "outcome", "why"),
                structure.roles().stream()
                        .map(role -> List.of(
                                role.name(), role.outcome().name(), role.why().orElse("")))
                        .toList()));
        List<SchemaReport.LeftOut> leftOut = new ArrayList<>(structure.leftOut());
        leftOut.addAll(structure.grants().notGranted());
        sections.add(Section.table(
                "Left out of the structure",
                List.of("object", "why", "remedy"),
                leftOut.stream()
                        .map(left -> List.of(left.object(), left.why(), left.remedy()))
                        .toList()));
    }

    private static Section cutover(Optional<String> loaded, String title, CutoverResult cutover) {
        List<List<String>> rows = new ArrayList<>();
        loaded.ifPresent(lsn -> rows.add(List.of("LSN of the source after the load", lsn)));
        rows.add(List.of("LSN of the marker behind the fence", cutover.markerLsn()));
        rows.add(List.of("freeze", cutover.freezeMillis() + " ms"));
        cutover.phases().forEach(phase -> rows.add(List.of("freeze: " + phase.name(), phase.millis() + " ms")));
        rows.add(List.of("sequences set", String.valueOf(cutover.sequences())));
        rows.add(List.of("large objects equal", String.valueOf(cutover.largeObjects())));
        return Section.table(title, List.of("what", "value"), rows);
    }

    private static void comparison(List<Section> sections, ComparisonResult comparison) {
        sections.add(new Section(
                3,
                "Comparison: " + (comparison.equal() ? "equal" : "DIFFERENT"),
                List.of(
                        comparison.atTheFence()
                                ? "Both sides as they were at the fence, in " + comparison.millis() + " ms."
                                : "Both sides as they were after the switch, in " + comparison.millis() + " ms.",
                        "A digest is the sum of the SHA-256 of every row, taken as a number, modulo 2^256."),
                List.of(
                        "table",
                        "rows on the source",
                        "rows on the target",
                        "digest of the source",
                        "of the target",
                        "equal"),
                comparison.tables().stream().map(Sections::compared).toList()));
        sections.add(Section.table(
                "Differences besides rows",
                List.of("difference"),
                comparison.differences().stream().map(List::of).toList()));
        sections.add(Section.table(
                "Not compared",
                List.of("what, and why"),
                comparison.notCompared().stream().map(List::of).toList()));
    }

    private static List<String> compared(ComparisonResult.Table table) {
        return List.of(
                table.table(),
                String.valueOf(table.sourceRows()),
                String.valueOf(table.targetRows()),
                table.digests().map(ComparisonResult.Digests::source).orElse(""),
                table.digests().map(ComparisonResult.Digests::target).orElse(""),
                table.equal() ? "yes" : "NO");
    }
}
