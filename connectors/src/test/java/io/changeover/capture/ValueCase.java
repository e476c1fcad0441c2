package io.changeover.capture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One row of the matrix.
 *
 * @param type as a column is declared, with a default perhaps
 * @param expression an SQL expression of that type
 * @param since the first server version that has it
 * @param plain whether no domain, array and field of a composite are to be made of the type
 */
record ValueCase(String type, String expression, int since, boolean plain) {

    private static final Pattern LINE = Pattern.compile("( *)(?:\\[(\\d+)] )?(.*?)( \\[plain])?");

    /** The cases that a server of a version has. */
    static List<ValueCase> of(int major) {
        List<ValueCase> cases = new ArrayList<>();
        String type = "";
        int since = 0;
        boolean plain = false;
        for (String line : resource("values.txt").split("\n")) {
            Matcher matcher = LINE.matcher(line);
            if (line.isBlank() || line.startsWith("#") || !matcher.matches()) {
                continue;
            }
            int from = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
            if (matcher.group(1).isEmpty()) {
                type = matcher.group(3);
                since = from;
                plain = matcher.group(4) != null;
            } else {
                cases.add(new ValueCase(type, matcher.group(3), Math.max(since, from), plain));
            }
        }
        return cases.stream().filter(value -> value.since() <= major).toList();
    }

    static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(ValueCase.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
