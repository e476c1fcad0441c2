package io.changeover.preflight;

import java.util.List;
import java.util.stream.Stream;

/**
 * What to do about a finding.
 *
 * @param text for a person
 * @param commands what can be copied; empty where there is a decision to make first
 */
record Fix(String text, List<FixCommand> commands) {

    Fix {
        commands = List.copyOf(commands);
    }

    /** In words only. */
    static Fix text(String text) {
        return new Fix(text, List.of());
    }

    /** Statements that say all there is to say. */
    static Fix sql(String... statements) {
        return sql(String.join(" ", statements), statements);
    }

    /** Words, and the statements that they end in. */
    static Fix sql(String text, String[] statements) {
        return new Fix(
                text,
                Stream.of(statements)
                        .map(line -> new FixCommand(FixCommand.Kind.SQL, line))
                        .toList());
    }

    /** Words, and a command of the provider's. */
    static Fix command(String text, FixCommand... commands) {
        return new Fix(text, List.of(commands));
    }

    /** The same with something to say after it. */
    Fix or(String more) {
        return new Fix(text + more, commands);
    }
}
