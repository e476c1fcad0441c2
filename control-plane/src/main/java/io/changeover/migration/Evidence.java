package io.changeover.migration;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an auditor asks for later, and what is not there any more when the target's ledger is dropped.
 *
 * @param preflight what the last preflight before the migration's first step has found
 * @param ledger what the ledger said when both sides had been compared
 * @param left what the source's statistics said when nobody could write to it any more
 * @param gates what was looked at when the last cutover began
 * @param rollbackGates the same of the last rollback, whose source is the target
 */
public record Evidence(
        Optional<Preflight> preflight,
        Optional<Ledger> ledger,
        Optional<SourceCounts> left,
        Optional<Gates> gates,
        Optional<Gates> rollbackGates) {

    /** Nothing was done yet, or it was done by a version that kept nothing. */
    public static final Evidence NONE =
            new Evidence(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public Evidence {
        preflight = Objects.requireNonNullElse(preflight, Optional.empty());
        ledger = Objects.requireNonNullElse(ledger, Optional.empty());
        left = Objects.requireNonNullElse(left, Optional.empty());
        gates = Objects.requireNonNullElse(gates, Optional.empty());
        rollbackGates = Objects.requireNonNullElse(rollbackGates, Optional.empty());
    }

    /** The same with a preflight. */
    public Evidence with(Preflight made) {
        return new Evidence(Optional.of(made), ledger, left, gates, rollbackGates);
    }

    /** The same with what the ledger said. */
    public Evidence with(Ledger read) {
        return new Evidence(preflight, Optional.of(read), left, gates, rollbackGates);
    }

    /** The same with what the source's statistics said. */
    public Evidence with(SourceCounts counted) {
        return new Evidence(preflight, ledger, Optional.of(counted), gates, rollbackGates);
    }

    /** The same with what was looked at when a cutover began. */
    public Evidence with(Gates seen) {
        return new Evidence(preflight, ledger, left, Optional.of(seen), rollbackGates);
    }

    /** The same with what was looked at when a rollback began. */
    public Evidence withRollback(Gates seen) {
        return new Evidence(preflight, ledger, left, gates, Optional.of(seen));
    }

    /** A look at what has to hold for a cutover; all of it held. */
    public record Gates(Instant at, List<Gate> seen) {

        public Gates {
            seen = List.copyOf(seen);
        }
    }

    /** One of them, as it was and as it had to be, in words. */
    public record Gate(String name, String value, String threshold) {}

    /** A look at both servers. */
    public record Preflight(Instant at, List<Finding> findings) {

        public Preflight {
            findings = List.copyOf(findings);
        }
    }

    /** Something that a preflight has found and that did not block. */
    public record Finding(String code, String severity, String object, String message) {}

    /**
     * What the ledger of a target said.
     *
     * @param sourceVersion of PostgreSQL
     * @param targetVersion of PostgreSQL
     * @param silencedBy how triggers and foreign keys were kept from acting: {@code replica} or {@code ddl}
     * @param tables every table that was loaded
     * @param foreignKeys every foreign key whose rows were looked at
     * @param quarantine a sentence for each change that could not be applied
     * @param structure what the copy of the structure made of roles and rights, and what it left out
     */
    public record Ledger(
            Instant at,
            String sourceVersion,
            String targetVersion,
            String silencedBy,
            List<Table> tables,
            List<ForeignKey> foreignKeys,
            List<String> quarantine,
            Optional<SchemaReport> structure) {

        public Ledger {
            tables = List.copyOf(tables);
            foreignKeys = List.copyOf(foreignKeys);
            quarantine = List.copyOf(quarantine);
        }
    }

    /**
     * A table: its load, and the changes that were applied since.
     *
     * @param snapshot what the copy saw, as {@code pg_current_snapshot()} writes it
     * @param snapshotLsn a WAL position read after the snapshot was taken
     */
    public record Table(
            String table,
            long rows,
            long bytes,
            Optional<String> snapshot,
            Optional<String> snapshotLsn,
            Optional<Instant> loadedAt,
            long inserts,
            long updates,
            long deletes,
            long truncates) {}

    /**
     * A foreign key that was proved.
     *
     * @param violations rows of the target that violate it
     * @param sourceViolations rows of the source that do
     */
    public record ForeignKey(
            String table,
            String name,
            String definition,
            long violations,
            long sourceViolations,
            Instant provedAt,
            long millis) {}
}
