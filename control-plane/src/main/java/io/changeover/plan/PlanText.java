package io.changeover.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A plan for a terminal: what is made, by place. */
public final class PlanText {

    private static final int SHOWN = 30;
    private static final String INDENT = " ".repeat(20);

    private PlanText() {}

    /** The text, with a line feed at its end. */
    public static String render(Plan plan) {
        Map<String, List<PlannedThing>> places = plan.things().stream()
                .collect(Collectors.groupingBy(PlannedThing::where, LinkedHashMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder();
        places.forEach((where, things) -> {
            text.append("On ").append(plain(where)).append('\n');
            things.forEach(thing -> thing(text, thing));
            text.append('\n');
        });
        return text.toString();
    }

    private static void thing(StringBuilder text, PlannedThing thing) {
        text.append(String.format("  %-17s %s%n", thing.kind().words(), plain(thing.name())));
        if (!thing.contains().isEmpty()) {
            line(text, "with", some(thing.contains()));
        }
        if (!thing.settings().isEmpty()) {
            line(
                    text,
                    "set",
                    thing.settings().entrySet().stream()
                            .map(setting -> setting.getKey() + "=" + setting.getValue())
                            .collect(Collectors.joining(", ")));
        }
        line(text, "needs", thing.privilege());
        line(text, "removed by", thing.removedBy());
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append(String.format("%s%-11s %s%n", INDENT, label, plain(value)));
    }

    private static String some(List<String> names) {
        String shown = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return names.size() <= SHOWN ? shown : shown + " and " + (names.size() - SHOWN) + " more";
    }

    /** A name in PostgreSQL can hold what steers a terminal. */
    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
