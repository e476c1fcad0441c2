package io.changeover.cli;

import io.changeover.api.Views;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.CutoverResult;
import io.changeover.migration.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A report as Markdown, for a ticket or a wiki. What comes from the databases is text there, never markup. */
final class ReportMarkdown {

    private ReportMarkdown() {}

    static String of(Report report) {
        List<String> lines = new ArrayList<>();
        lines.add("# Migration " + text(report.migration()));
        lines.add("");
        lines.add(
                report.equal()
                        ? "All databases are completed and equal on both sides."
                        : "**Not all is completed, or equal on both sides.**");
        report.databases().forEach(database -> database(lines, database.database()));
        return String.join("\n", lines) + "\n";
    }

    private static void database(List<String> lines, Views.DatabaseView view) {
        lines.addAll(List.of("", "## " + text(view.source()) + " → " + text(view.target()) + ": " + view.state(), ""));
        view.reason().ifPresent(reason -> lines.addAll(List.of(text(reason.strip()), "")));
        table(lines, "state", "since", "took");
        timeline(lines, view.timeline());
        lines.add("");
        table(lines, "what", "result");
        row(
                lines,
                "rows loaded",
                Words.number(view.fullLoad().rows()) + " in " + view.fullLoad().tablesDone() + " tables, "
                        + Words.bytes(view.fullLoad().bytes()));
        Views.IncrementalSync sync = view.incrementalSync();
        row(
                lines,
                "changes applied",
                Words.number(sync.inserts()) + " inserts, " + Words.number(sync.updates()) + " updates, "
                        + Words.number(sync.deletes()) + " deletes, " + Words.number(sync.truncates())
                        + " truncates in " + Words.number(sync.transactions()) + " transactions");
        view.cutover().result().ifPresent(result -> cutover(lines, result));
        view.comparison().ifPresent(comparison -> comparison(lines, comparison));
    }

    private static void timeline(List<String> lines, List<Transition> timeline) {
        for (int i = 0; i < timeline.size(); i++) {
            Transition transition = timeline.get(i);
            String took = i + 1 < timeline.size()
                    ? Words.time(Duration.between(
                            transition.at(), timeline.get(i + 1).at()))
                    : "";
            row(lines, transition.state().name(), transition.at().toString(), took);
        }
    }

    private static void cutover(List<String> lines, CutoverResult result) {
        row(lines, "freeze", result.freezeMillis() + " ms");
        result.phases().forEach(phase -> row(lines, "freeze: " + phase.name(), phase.millis() + " ms"));
        row(lines, "sequences set", String.valueOf(result.sequences()));
        row(lines, "marker in the source's WAL", result.markerLsn());
    }

    private static void comparison(List<String> lines, ComparisonResult comparison) {
        long rows = comparison.tables().stream()
                .mapToLong(ComparisonResult.Table::sourceRows)
                .sum();
        long equal = comparison.tables().stream()
                .filter(ComparisonResult.Table::equal)
                .count();
        row(
                lines,
                "compared",
                Words.number(rows) + " rows of " + comparison.tables().size() + " tables, " + equal + " equal, "
                        + (comparison.atTheFence() ? "as they were at the fence" : "after the switch"));
        comparison.notCompared().forEach(left -> row(lines, "not compared", left));
        comparison.differences().forEach(difference -> row(lines, "DIFFERENT", difference));
        lines.add("");
        table(lines, "table", "rows on the source", "rows on the target", "equal");
        comparison
                .tables()
                .forEach(table -> row(
                        lines,
                        table.table(),
                        Words.number(table.sourceRows()),
                        Words.number(table.targetRows()),
                        table.equal() ? "yes" : "NO"));
    }

    private static void table(List<String> lines, String... names) {
        lines.add("| " + String.join(" | ", names) + " |");
        lines.add("| "
                + String.join(" | ", List.of(names).stream().map(name -> "---").toList()) + " |");
    }

    private static void row(List<String> lines, String... cells) {
        lines.add("| "
                + String.join(
                        " | ", List.of(cells).stream().map(ReportMarkdown::text).toList()) + " |");
    }

    /** With every character escaped that Markdown or HTML could take for its own. */
    private static String text(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").replaceAll("([\\\\`*_{}\\[\\]<>()#|~&!])", "\\\\$1");
    }
}
