package io.changeover.cli;

import java.io.PrintStream;
import java.util.List;

/** Redraws the same lines of a terminal; a change of state stays above them. */
final class LiveView implements View {

    private static final int MOST_TABLES = 24;

    private final PrintStream out;
    private final StateChanges changes = new StateChanges();
    private int lines;

    LiveView(PrintStream out) {
        this.out = out;
    }

    @Override
    public void show(List<DatabaseLook> looks) {
        StringBuilder text = new StringBuilder();
        if (lines > 0) {
            // up to the first line, and clear from there
            text.append("\u001b[").append(lines).append("A\u001b[J");
        }
        changes.since(looks).forEach(change -> text.append(change).append(System.lineSeparator()));
        String table = TableText.of(looks, MOST_TABLES);
        lines = (int) table.lines().count();
        out.print(text.append(table));
        out.flush();
    }
}
