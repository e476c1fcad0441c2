package io.changeover.cli;

import io.changeover.api.Views;
import io.changeover.migration.DatabaseState;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/** How far the full load is, in a line: for people who wait for it. */
final class LoadText {

    private static final int BAR = 24;

    private LoadText() {}

    /** Empty when nothing is being loaded or made. */
    static Optional<String> of(Views.DatabaseView view) {
        if (!view.state().equals(DatabaseState.FULL_LOAD.name())
                || view.fullLoad().tablesTotal() == 0) {
            return Optional.empty();
        }
        Views.FullLoad load = view.fullLoad();
        return Optional.of(load.tablesDone() < load.tablesTotal() ? rows(load) : indexes(load.indexes()));
    }

    private static String rows(Views.FullLoad load) {
        return String.format(
                "loading %s %d of %d tables, %s rows/s, %s/s%s",
                bar(load.rows(), Math.max(load.rows(), load.estimatedRows())),
                load.tablesDone(),
                load.tablesTotal(),
                Words.number(load.rowsPerSecond()),
                Words.bytes(load.bytesPerSecond()),
                load.etaMillis()
                        .map(millis -> ", about " + Words.time(Duration.ofMillis(millis)) + " left")
                        .orElse(""));
    }

    private static String indexes(Views.IndexesView indexes) {
        String building = indexes.building().stream()
                .map(each -> each.table() + " " + each.phase()
                        + each.percent().map(percent -> " " + percent + " %").orElse(""))
                .collect(Collectors.joining("; "));
        return String.format(
                "making keys and indexes %s %d of %d%s",
                bar(indexes.done(), indexes.total()),
                indexes.done(),
                indexes.total(),
                building.isEmpty() ? "" : ": " + building);
    }

    /** {@code [########----------------] 33 %}. */
    private static String bar(long done, long all) {
        int percent = all <= 0 ? 0 : (int) Math.min(100, 100 * done / all);
        int full = BAR * percent / 100;
        return "[" + "#".repeat(full) + "-".repeat(BAR - full) + "] " + percent + " %,";
    }
}
