package io.changeover.cli;

import io.changeover.api.Views;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A look at a migration as plain text: a headline for each database, then its tables. */
final class TableText {

    private static final String ROW = "  %-34s %-8s %21s %9s %9s %9s %9s%n";

    private static final int MOST_OF_AN_ERROR = 200;

    private TableText() {}

    /** The text; tables that the looks do not have are counted. */
    static String of(List<DatabaseLook> looks) {
        StringBuilder text = new StringBuilder();
        for (DatabaseLook look : looks) {
            headline(text, look.view());
            tables(text, look.tables(), look.view().fullLoad().tablesTotal());
        }
        return text.toString();
    }

    private static void headline(StringBuilder text, Views.DatabaseView view) {
        text.append(String.format(
                "%s/%s → %s   %s   for %s%n",
                view.migration(),
                view.source(),
                view.target(),
                view.state(),
                Words.time(Duration.between(view.since(), Instant.now()))));
        view.reason()
                .ifPresent(reason -> text.append("  ").append(reason.strip()).append(System.lineSeparator()));
        LoadText.of(view).ifPresent(load -> text.append("  ").append(load).append(System.lineSeparator()));
        DatabaseLook.pending(view)
                .ifPresent(pending -> text.append(String.format(
                        "  pending changes %s, WAL not captured %s, behind %s%s   (source %s, captured %s, applied %s)%n",
                        Words.number(pending.changes()),
                        Words.bytes(pending.walBytes()),
                        Words.time(Duration.ofMillis(pending.lagMillis())),
                        Words.eta(pending),
                        pending.sourceLsn(),
                        pending.capturedLsn(),
                        pending.appliedLsn())));
        view.slot().ifPresent(slot -> text.append(slot(slot)));
        FallbackText.lines(view).forEach(line -> text.append("  ").append(line).append(System.lineSeparator()));
        view.warnings().forEach(warning -> text.append(String.format("  WARNING %s%n", warning)));
        view.causes().forEach(cause -> text.append(String.format("  HELD BACK %s%n", cause.message())));
        view.quarantine().forEach(change -> text.append(String.format("  QUARANTINE %s%n", Words.quarantine(change))));
    }

    private static String slot(Views.SlotView slot) {
        return String.format(
                "  slot %s: %s, keeps %s of WAL on the source%s%s%n",
                slot.name(),
                slot.active() ? "read" : "not read",
                Words.bytes(slot.retainedWalBytes()),
                slot.walStatus().map(status -> ", " + status).orElse(""),
                slot.safeWalBytes()
                        .map(bytes -> ", room for " + Words.bytes(Math.max(0, bytes)) + " more")
                        .orElse(""));
    }

    private static void tables(StringBuilder text, List<Views.TableView> shown, int all) {
        if (shown.isEmpty()) {
            return;
        }
        text.append(rows(shown));
        if (shown.size() < all) {
            text.append(String.format("  … and %d more tables%n", all - shown.size()));
        }
    }

    /** The tables below their head; why some are not loaded comes after them. */
    static String rows(List<Views.TableView> shown) {
        StringBuilder text = new StringBuilder(
                String.format(ROW, "TABLE", "LOAD", "ROWS OF ROWS", "INSERTS", "UPDATES", "DELETES", "PENDING"));
        for (Views.TableView table : shown) {
            text.append(String.format(
                    ROW,
                    Words.cut(table.table(), 34),
                    table.state(),
                    rows(table),
                    Words.number(table.inserts()),
                    Words.number(table.updates()),
                    Words.number(table.deletes()),
                    Words.number(table.pending())));
        }
        shown.stream()
                .filter(table -> table.error().isPresent() && !table.state().equals("loaded"))
                .forEach(table -> text.append(String.format(
                        "  %s: %s%n", table.table(), Words.cut(table.error().get(), MOST_OF_AN_ERROR))));
        return text.toString();
    }

    /** Rows loaded of rows estimated; the estimate is the source's and may be too low. */
    private static String rows(Views.TableView table) {
        return switch (table.state()) {
            case "loaded", "catching_up" -> Words.number(table.rows()) + " of " + Words.number(table.rows());
            case "loading" ->
                Words.number(table.rows()) + " of " + Words.number(Math.max(table.rows(), table.estimatedRows()));
            default -> "0 of " + Words.number(table.estimatedRows());
        };
    }
}
