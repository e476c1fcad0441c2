package io.changeover.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.changeover.api.Json;
import io.changeover.api.Views;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.SchemaReport;
import io.changeover.migration.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What came of a migration, for people and for scripts.
 *
 * @param migration its name
 * @param equal whether every database is completed and equal on both sides
 * @param databases each pair as the API shows it at the end, with its tables
 * @param application what the demo's application saw; empty for other migrations
 */
record Report(String migration, boolean equal, List<Database> databases, Map<String, Object> application) {

    /** A pair at its end. */
    record Database(Views.DatabaseView database, List<Views.TableView> tables, Optional<SchemaReport> structure) {}

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    static Report of(
            String migration,
            List<DatabaseLook> looks,
            Function<Views.DatabaseView, Optional<SchemaReport>> structure,
            Map<String, Object> application) {
        return new Report(
                migration,
                looks.stream().allMatch(Report::equal),
                looks.stream()
                        .map(look -> new Database(look.view(), look.tables(), structure.apply(look.view())))
                        .toList(),
                application);
    }

    private static boolean equal(DatabaseLook look) {
        return look.view().state().equals(DatabaseState.COMPLETED.name())
                && look.view().comparison().filter(ComparisonResult::equal).isPresent();
    }

    /** Writes it as JSON. */
    void write(Path file) {
        try {
            Files.writeString(file, json());
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "The report cannot be written to " + file + ": " + e);
        }
    }

    /** As JSON. */
    String json() {
        try {
            return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As text. */
    String text() {
        StringBuilder text = new StringBuilder(String.format("%nREPORT  %s%n", migration));
        for (Database database : databases) {
            database(text, database.database());
            database.structure()
                    .map(SchemaReportText::brief)
                    .orElse(List.of())
                    .forEach(line -> text.append(String.format("  %-28s %s%n", "roles and structure", line)));
        }
        application.forEach((what, value) -> text.append(String.format("  %-28s %s%n", what, value)));
        return text.append(String.format(
                        "%n%s%n",
                        equal
                                ? "All databases are equal on both sides; the targets are open."
                                : "NOT ALL IS EQUAL OR COMPLETED; see above."))
                .toString();
    }

    private static void database(StringBuilder text, Views.DatabaseView view) {
        text.append(String.format("%n%s → %s: %s%n", view.source(), view.target(), view.state()));
        view.reason().ifPresent(reason -> text.append(String.format("  %s%n", reason.strip())));
        timeline(text, view.timeline());
        Views.IncrementalSync sync = view.incrementalSync();
        text.append(String.format(
                "  %-28s %s in %d tables, %s%n",
                "rows loaded",
                Words.number(view.fullLoad().rows()),
                view.fullLoad().tablesDone(),
                Words.bytes(view.fullLoad().bytes())));
        text.append(String.format(
                "  %-28s %s inserts, %s updates, %s deletes, %s truncates in %s transactions%n",
                "changes applied",
                Words.number(sync.inserts()),
                Words.number(sync.updates()),
                Words.number(sync.deletes()),
                Words.number(sync.truncates()),
                Words.number(sync.transactions())));
        view.cutover().result().ifPresent(result -> {
            text.append(String.format("  %-28s %d ms%n", "freeze", result.freezeMillis()));
            result.phases()
                    .forEach(phase -> text.append(String.format("    %-26s %d ms%n", phase.name(), phase.millis())));
            text.append(String.format("  %-28s %d%n", "sequences set", result.sequences()));
            text.append(String.format("  %-28s %s%n", "marker in the source's WAL", result.markerLsn()));
        });
        view.comparison().ifPresent(comparison -> comparison(text, comparison));
    }

    private static void timeline(StringBuilder text, List<Transition> timeline) {
        for (int i = 0; i < timeline.size(); i++) {
            Transition transition = timeline.get(i);
            String took = i + 1 < timeline.size()
                    ? Words.time(Duration.between(
                            transition.at(), timeline.get(i + 1).at()))
                    : "";
            text.append(String.format("  %-28s %s  %s%n", transition.state(), TIME.format(transition.at()), took));
        }
    }

    private static void comparison(StringBuilder text, ComparisonResult comparison) {
        long rows = comparison.tables().stream()
                .mapToLong(ComparisonResult.Table::sourceRows)
                .sum();
        long equal = comparison.tables().stream()
                .filter(ComparisonResult.Table::equal)
                .count();
        text.append(String.format(
                "  %-28s %s rows of %d tables, %d equal, %s (%s)%n",
                "compared",
                Words.number(rows),
                comparison.tables().size(),
                equal,
                comparison.atTheFence()
                        ? "as they were at the fence"
                        : "as they are now, because the command was restarted after the switch",
                Words.time(Duration.ofMillis(comparison.millis()))));
        comparison.tables().stream()
                .filter(table -> !table.equal())
                .forEach(table -> text.append(String.format(
                        "    DIFFERENT %s: %d rows on the source, %d on the target%n",
                        table.table(), table.sourceRows(), table.targetRows())));
        comparison.notCompared().forEach(left -> text.append(String.format("  %-28s %s%n", "not compared", left)));
        comparison.differences().forEach(difference -> text.append(String.format("    DIFFERENT %s%n", difference)));
        if (comparison.differences().isEmpty()) {
            text.append(String.format(
                    "  %-28s %s%n", "definitions", "columns, constraints, indexes, triggers and sequences are equal"));
        }
    }
}
