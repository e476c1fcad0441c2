package io.changeover.cli;

import io.changeover.migration.SchemaReport;
import io.changeover.migration.SchemaReport.LeftOut;
import io.changeover.migration.SchemaReport.Outcome;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A {@link SchemaReport} for people. */
final class SchemaReportText {

    private SchemaReportText() {}

    /** All of it. */
    static String full(SchemaReport report) {
        StringBuilder text = new StringBuilder();
        report.roles().stream()
                .sorted(Comparator.comparing(SchemaReport.Role::name))
                .forEach(role -> text.append(String.format(
                        "role %s: %s%s%n",
                        oneLine(role.name()),
                        role.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        role.why().map(why -> ", " + oneLine(why)).orElse(""))));
        if (!report.roles().isEmpty()) {
            text.append(String.format(
                    "rights: %d granted, %d revoked from PUBLIC%n",
                    report.grants().granted(), report.grants().revoked()));
        }
        part(text, "not granted", report.grants().notGranted());
        part(text, "left out, or otherwise than on the source", report.leftOut());
        if (!report.owners().isEmpty()) {
            text.append(String.format(
                    "%n%d statements give the objects their owners: changeover schema-report … --owners%n",
                    report.owners().size()));
        }
        return text.toString();
    }

    /** In a line or two. */
    static List<String> brief(SchemaReport report) {
        String left = String.format(
                "%d things left out, %d rights not granted: changeover schema-report",
                report.leftOut().size(), report.grants().notGranted().size());
        Stream<String> roles = report.roles().isEmpty()
                ? Stream.empty()
                : Stream.of(String.format(
                        "%d made, %d were there, %d left out; %d rights",
                        count(report, Outcome.CREATED),
                        count(report, Outcome.EXISTED),
                        count(report, Outcome.LEFT_OUT),
                        report.grants().granted()));
        boolean isAllThere =
                report.leftOut().isEmpty() && report.grants().notGranted().isEmpty();
        return Stream.concat(roles, isAllThere ? Stream.empty() : Stream.of(left))
                .toList();
    }

    private static long count(SchemaReport report, Outcome outcome) {
        return report.roles().stream().filter(role -> role.outcome() == outcome).count();
    }

    private static void part(StringBuilder text, String title, List<LeftOut> leftOut) {
        if (!leftOut.isEmpty()) {
            text.append(String.format("%n%s:%n", title));
        }
        for (LeftOut each : leftOut) {
            text.append(String.format("  %s: %s%n", oneLine(each.object()), oneLine(each.why())));
            text.append(String.format("    → %s%n", oneLine(each.remedy())));
        }
    }

    /** A name may hold anything. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
