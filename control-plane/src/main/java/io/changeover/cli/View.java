package io.changeover.cli;

import java.time.Duration;
import java.util.List;

/** Shows looks at a migration, one after the other. */
interface View {

    /** How often to look. */
    Duration EVERY = Duration.ofMillis(500);

    void show(List<DatabaseLook> looks);

    /** How many tables of each database it shows, those with the most to tell. */
    int mostTables();

    /** A view that redraws itself on a terminal, and writes lines elsewhere. */
    static View forThisTerminal() {
        return isTerminal() ? new LiveView(System.out) : new LineView(System.out);
    }

    /** Whether lines can be redrawn. The script looks: a JVM cannot tell alike in all versions. */
    static boolean isTerminal() {
        return "1".equals(System.getenv("CHANGEOVER_TERMINAL")) && !"dumb".equals(System.getenv("TERM"));
    }
}
