package io.changeover.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;

/** Redraws the same lines of a terminal; a change of state stays above them. */
final class LiveView implements View {

    private static final int MOST_TABLES = 24;

    private final Redraw screen;
    private final StateChanges changes = new StateChanges();

    LiveView(PrintStream out) {
        screen = new Redraw(out);
    }

    @Override
    public void show(List<DatabaseLook> looks) {
        String changed = changes.since(looks).stream()
                .map(change -> change + System.lineSeparator())
                .collect(Collectors.joining());
        screen.show(changed, TableText.of(looks));
    }

    @Override
    public int mostTables() {
        return MOST_TABLES;
    }
}
