package io.changeover.cli;

import java.io.PrintStream;

/**
 * Lines at the end of a terminal that are written again and again in the same place. No colours, so none to turn off.
 */
final class Redraw {

    private final PrintStream out;
    private int lines;

    Redraw(PrintStream out) {
        this.out = out;
    }

    /**
     * Writes a text over the one before.
     *
     * @param staying lines that stay above it
     */
    void show(String staying, String text) {
        StringBuilder all = new StringBuilder();
        if (lines > 0) {
            // up to the first line, and clear from there
            all.append("\u001b[").append(lines).append("A\u001b[J");
        }
        lines = (int) text.lines().count();
        out.print(all.append(staying).append(text));
        out.flush();
    }
}
