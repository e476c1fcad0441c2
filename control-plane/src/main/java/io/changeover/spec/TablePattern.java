package io.changeover.spec;

import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A pattern of tables, {@code schema.table}, in the notation of psql and pg_dump: {@code *} stands for any characters
 * and {@code ?} for one; capitals are folded and both signs have that meaning outside of double quotes only.
 */
public final class TablePattern {

    private static final String EXPECTED = "must be schema.table, such as public.* or \"Sales\".order_*";

    private final Pattern schema;
    private final Pattern table;

    private TablePattern(Pattern schema, Pattern table) {
        this.schema = schema;
        this.table = table;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is none; {@link #problem} says why
     */
    public static TablePattern of(String text) {
        problem(text).ifPresent(message -> {
            throw new IllegalArgumentException(text + " " + message);
        });
        List<String> parts = parts(text);
        return new TablePattern(
                Pattern.compile(parts.get(0), Pattern.DOTALL), Pattern.compile(parts.get(1), Pattern.DOTALL));
    }

    /** Why a text is no pattern, if it is none. */
    static Optional<String> problem(String text) {
        List<String> parts = parts(text);
        boolean isRight = parts.size() == 2 && parts.stream().noneMatch(String::isEmpty) && quotes(text) % 2 == 0;
        return isRight ? Optional.empty() : Optional.of(EXPECTED);
    }

    private static long quotes(String text) {
        return text.chars().filter(c -> c == '"').count();
    }

    /** Regular expressions of what the dots separate. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean isQuoted = false;
        for (int i = 0; i < text.length(); i++) {
            String each = text.substring(i, i + 1);
            if (each.equals("\"") && isQuoted && text.startsWith("\"\"", i)) {
                part.append('"');
                i++;
            } else if (each.equals("\"")) {
                isQuoted = !isQuoted;
            } else if (each.equals(".") && !isQuoted) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(isQuoted ? Pattern.quote(each) : unquoted(each));
            }
        }
        parts.add(part.toString());
        return parts;
    }

    private static String unquoted(String each) {
        return switch (each) {
            case "*" -> ".*";
            case "?" -> ".";
            default -> Pattern.quote(each.toLowerCase(Locale.ROOT));
        };
    }

    /** Whether a table's name is one of those. */
    public boolean matches(TableName name) {
        return schema.matcher(name.schema()).matches()
                && table.matcher(name.name()).matches();
    }
}
