package io.changeover.cli;

import java.time.Duration;
import java.util.List;

/** Shows looks at a migration, one after the other. */
interface View {

    /** How often to look. */
    Duration EVERY = Duration.ofMillis(500);

    void show(List<DatabaseLook> looks);

    /** A view that redraws itself on a terminal, and writes lines elsewhere. */
    static View forThisTerminal(boolean live) {
        // the script looks: a JVM cannot tell alike in all versions
        boolean terminal = "1".equals(System.getenv("CHANGEOVER_TERMINAL")) && !"dumb".equals(System.getenv("TERM"));
        if (!live) {
            return looks -> System.out.print(TableText.of(looks, Integer.MAX_VALUE));
        }
        return terminal ? new LiveView(System.out) : new LineView(System.out);
    }
}
