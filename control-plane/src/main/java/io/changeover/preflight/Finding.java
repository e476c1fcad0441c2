package io.changeover.preflight;

import java.util.List;

/**
 * Something that was found before a migration began.
 *
 * @param code stable name for documents and scripts, {@code CO-1103}
 * @param severity what it does to the migration
 * @param object the server, database or table that it is about
 * @param message what is so; never a row's value or a password
 * @param fix what to do, in words
 * @param commands the same to copy, as far as it can be copied
 */
public record Finding(
        String code, Severity severity, String object, String message, String fix, List<FixCommand> commands) {

    public Finding {
        commands = List.copyOf(commands);
    }
}
