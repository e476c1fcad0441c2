package io.changeover.api;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tables as RFC 4180 has it. A text that a spreadsheet would take for a formula gets an apostrophe in front, which
 * spreadsheets do not show: names of tables and messages come from people.
 */
final class Csv {

    private static final String END = "\r\n";

    private Csv() {}

    /** The tables with a line of names before them, which are those of the JSON form. */
    static String tables(List<Views.TableView> tables) {
        String head = "table,state,rows,estimatedRows,bytes,rowsPerSecond,etaMillis,parts,partsDone,error,"
                + "inserts,updates,deletes,truncates,pending";
        return tables.stream().map(Csv::row).collect(Collectors.joining(END, head + END, tables.isEmpty() ? "" : END));
    }

    private static String row(Views.TableView table) {
        return String.join(
                ",",
                text(table.table()),
                text(table.state()),
                number(table.rows()),
                number(table.estimatedRows()),
                number(table.bytes()),
                number(table.rowsPerSecond()),
                table.etaMillis().map(Csv::number).orElse(""),
                number(table.parts()),
                number(table.partsDone()),
                text(table.error().orElse("")),
                number(table.inserts()),
                number(table.updates()),
                number(table.deletes()),
                number(table.truncates()),
                number(table.pending()));
    }

    private static String number(long number) {
        return Long.toString(number);
    }

    /** A cell. */
    static String text(String text) {
        String harmless = Optional.of(text)
                .filter(found -> !found.isEmpty() && "=+-@\t\r\n".indexOf(found.charAt(0)) >= 0)
                .map(found -> "'" + found)
                .orElse(text);
        boolean plain = harmless.chars().noneMatch(each -> each == '"' || each == ',' || each == '\r' || each == '\n');
        return plain ? harmless : "\"" + harmless.replace("\"", "\"\"") + "\"";
    }
}
