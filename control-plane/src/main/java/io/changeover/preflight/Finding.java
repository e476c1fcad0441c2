package io.changeover.preflight;

/**
 * Something that was found before a migration began.
 *
 * @param code stable name for documents and scripts, {@code CO-1103}
 * @param severity what it does to the migration
 * @param object the server, database or table that it is about
 * @param message what is so; never a row's value or a password
 * @param fix what to do, as a statement to copy where there is one
 */
public record Finding(String code, Severity severity, String object, String message, String fix) {}
