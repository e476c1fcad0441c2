package io.changeover.migration;

import io.changeover.postgres.TableName;
import java.util.List;
import java.util.Set;

/**
 * What is to be stored of a verification, all of it or nothing.
 *
 * @param run as it is now
 * @param tables that are not as they were stored
 * @param gone tables that are not verified any more
 * @param events for the audit
 */
public record VerificationChange(
        VerificationRun run, List<VerifiedTable> tables, Set<TableName> gone, List<Event> events) {

    public VerificationChange {
        tables = List.copyOf(tables);
        gone = Set.copyOf(gone);
        events = List.copyOf(events);
    }

    /**
     * Something that the audit tells.
     *
     * @param cause whose doing it is
     * @param about a table; empty text for the verification as a whole
     * @param before in words; empty text if there was nothing
     * @param after in words
     */
    public record Event(AuditEntry.Cause cause, String about, String before, String after) {}
}
