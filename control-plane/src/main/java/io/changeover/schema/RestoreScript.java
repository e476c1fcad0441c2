package io.changeover.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code pg_restore} writes when it does not connect, made fit to be sent to a server.
 *
 * @param settings SET statements that come first
 * @param entries one per object, in order
 */
record RestoreScript(String settings, List<Entry> entries) {

    /**
     * The statements that make one object.
     *
     * @param object type, schema and name
     * @param sql to be run as a whole
     */
    record Entry(String object, String sql) {}

    private static final int TRANSACTION_TIMEOUT = 17;

    private static final Pattern HEADING =
            Pattern.compile("^--\\n-- Name: (.*); Type: (.*); Schema: (.*); Owner: .*\\n--\\n", Pattern.MULTILINE);

    /** psql's own commands, since 2025 around every script. */
    private static final Pattern META_COMMAND = Pattern.compile("^\\\\(un)?restrict \\w+$", Pattern.MULTILINE);

    RestoreScript {
        entries = List.copyOf(entries);
    }

    /**
     * Reads a script.
     *
     * @param serverMajor whose settings may be set: a newer pg_restore also sets newer ones
     */
    static RestoreScript parse(String script, int serverMajor) {
        Matcher heading = HEADING.matcher(script);
        if (!heading.find()) {
            return new RestoreScript(settings(script, serverMajor), List.of());
        }
        String settings = settings(script.substring(0, heading.start()), serverMajor);
        List<Entry> entries = new ArrayList<>();
        boolean more = true;
        while (more) {
            String object = heading.group(2) + " " + qualified(heading.group(3), heading.group(1));
            int begin = heading.end();
            more = heading.find();
            entries.add(new Entry(object, script.substring(begin, more ? heading.start() : end(script))));
        }
        return new RestoreScript(settings, entries);
    }

    /** All of it. */
    String sql() {
        StringBuilder sql = new StringBuilder(settings);
        entries.forEach(entry -> sql.append(entry.sql()));
        return sql.toString();
    }

    /** The same without some objects. */
    RestoreScript without(Set<String> objects) {
        return new RestoreScript(
                settings,
                entries.stream()
                        .filter(entry -> !objects.contains(entry.object()))
                        .toList());
    }

    private static String settings(String header, int serverMajor) {
        String settings = META_COMMAND.matcher(header).replaceAll("");
        return serverMajor < TRANSACTION_TIMEOUT
                ? settings.replaceAll("(?m)^SET transaction_timeout = .*$", "")
                : settings;
    }

    /** Where the closing words begin. */
    private static int end(String script) {
        int complete = script.lastIndexOf("--\n-- PostgreSQL database dump complete");
        return complete < 0 ? script.length() : complete;
    }

    private static String qualified(String schema, String name) {
        return schema.equals("-") ? name : schema + "." + name;
    }
}
