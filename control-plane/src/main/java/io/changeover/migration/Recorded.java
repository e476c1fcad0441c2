package io.changeover.migration;

/**
 * An entry of the audit and its place in it.
 *
 * @param offset grows from entry to entry, with gaps, and is the same for ever
 */
public record Recorded(long offset, AuditEntry entry) {

    /** Whether a person has asked for it, as opposed to what a migration does by itself. */
    public boolean isRequest() {
        return !entry.who().equals(AuditEntry.Cause.ITSELF.who());
    }

    /** Whether it is of this migration. */
    public boolean isOf(String migration) {
        return entry.migration().equals(migration);
    }

    /** Whether something of this source database has changed. */
    public boolean isAbout(String database) {
        return entry.changes().stream().anyMatch(change -> change.database().equals(database));
    }
}
