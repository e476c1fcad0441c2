package io.changeover.report;

import io.changeover.migration.VerifiedTable;
import java.util.List;
import java.util.stream.Collectors;

/** What was verified while changes flowed. */
final class VerificationSection {

    /** In JSON are all of them. */
    private static final int NAMED = 20;

    private VerificationSection() {}

    static Section of(String title, Verified found) {
        return Section.table(
                title + run(found),
                List.of("table", "outcome", "rows", "parts", "LSN of the source", "at", "rows that differ", "note"),
                found.tables().stream().map(VerificationSection::table).toList());
    }

    private static String run(Verified found) {
        return found.began().map(at -> ": the last time begun " + at).orElse("")
                + found.ended().map(at -> ", ended " + at).orElse("")
                + found.askedBy().map(who -> ", asked for by " + who).orElse("");
    }

    private static List<String> table(Verified.Table table) {
        return List.of(
                table.table(),
                table.outcome(),
                String.valueOf(table.rows()),
                String.valueOf(table.parts()),
                table.lsn().orElse(""),
                table.at().map(Object::toString).orElse(""),
                differing(table.mismatches()),
                table.note().orElse(""));
    }

    private static String differing(List<VerifiedTable.Mismatch> rows) {
        String named = rows.stream()
                .limit(NAMED)
                .map(row -> row.key() + " " + row.kind())
                .collect(Collectors.joining(", "));
        return rows.size() > NAMED ? named + " and " + (rows.size() - NAMED) + " more" : named;
    }
}
