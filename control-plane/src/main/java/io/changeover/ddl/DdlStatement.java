package io.changeover.ddl;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A statement that altered the source, as an event trigger has recorded it.
 *
 * @param id rises with time
 * @param transaction the source's number of it
 * @param at when
 * @param role who
 * @param application what the session called itself
 * @param tag what kind of statement, {@code ALTER TABLE}
 * @param text what the client sent, which may be several statements; words in brackets where it may hold a password
 */
public record DdlStatement(
        long id, long transaction, Instant at, String role, String application, String tag, String text) {

    private static final int LONG = 500;

    /** {@code alter table t add c int (by alice in psql at 2026-01-31T12:00:00Z)}. */
    public String words() {
        String whole = text.strip();
        return (whole.length() > LONG ? whole.substring(0, LONG) + "…" : whole) + " (by " + role
                + (application.isEmpty() ? "" : " in " + application) + " at " + at.truncatedTo(ChronoUnit.SECONDS)
                + ")";
    }
}
