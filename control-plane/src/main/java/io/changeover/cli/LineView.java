package io.changeover.cli;

import io.changeover.api.Views;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a line when a state changes, and one every few seconds: for logs and pipes. */
final class LineView implements View {

    private static final Duration QUIET = Duration.ofSeconds(3);

    private final PrintStream out;
    private final StateChanges changes = new StateChanges();
    private long last = System.nanoTime() - QUIET.toNanos();

    LineView(PrintStream out) {
        this.out = out;
    }

    @Override
    public void show(List<DatabaseLook> looks) {
        List<String> changed = changes.since(looks);
        changed.forEach(out::println);
        if (!changed.isEmpty() || System.nanoTime() - last >= QUIET.toNanos()) {
            looks.forEach(look -> out.println(line(look.view())));
            last = System.nanoTime();
        }
        out.flush();
    }

    @Override
    public int mostTables() {
        return 0;
    }

    private static String line(Views.DatabaseView view) {
        Views.FullLoad load = view.fullLoad();
        Views.IncrementalSync sync = view.incrementalSync();
        String numbers = String.format(
                "%s/%s: %s; loaded %d of %d tables, %s rows; applied %s inserts, %s updates, %s deletes",
                view.migration(),
                view.source(),
                view.state(),
                load.tablesDone(),
                load.tablesTotal(),
                Words.number(load.rows()),
                Words.number(sync.inserts()),
                Words.number(sync.updates()),
                Words.number(sync.deletes()));
        return numbers
                + LoadText.of(view).map(text -> "; " + text).orElse("")
                + DatabaseLook.pending(view)
                        .map(pending -> "; pending changes " + Words.number(pending.changes()) + ", behind "
                                + Words.time(Duration.ofMillis(pending.lagMillis()))
                                + Words.eta(pending))
                        .orElse("")
                + view.slot()
                        .map(slot -> "; WAL kept on the source " + Words.bytes(slot.retainedWalBytes()))
                        .orElse("")
                + view.warnings().stream()
                        .map(warning -> "; WARNING " + warning)
                        .collect(Collectors.joining())
                + view.causes().stream()
                        .map(cause -> "; HELD BACK " + cause.message())
                        .collect(Collectors.joining())
                + view.quarantine().stream()
                        .map(change -> "; QUARANTINE " + Words.quarantine(change))
                        .collect(Collectors.joining())
                + FallbackText.lines(view).stream().map(line -> "; " + line).collect(Collectors.joining())
                + view.reason().map(reason -> "; " + reason.strip()).orElse("");
    }
}
