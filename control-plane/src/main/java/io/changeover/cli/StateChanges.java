package io.changeover.cli;

import io.changeover.migration.Transition;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells the transitions that are new since the last look. */
final class StateChanges {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private final Map<String, Integer> known = new HashMap<>();

    /** A line for each. */
    List<String> since(List<DatabaseLook> looks) {
        List<String> lines = new ArrayList<>();
        for (DatabaseLook look : looks) {
            List<Transition> timeline = look.view().timeline();
            int told = known.getOrDefault(look.view().source(), 0);
            for (Transition transition : timeline.subList(Math.min(told, timeline.size()), timeline.size())) {
                lines.add(TIME.format(transition.at()) + "  " + look.view().source() + "  " + transition.state());
            }
            known.put(look.view().source(), timeline.size());
        }
        return lines;
    }
}
