package io.changeover.migration;

import io.changeover.postgres.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the verification found of a table the last time, as it is stored.
 *
 * @param table which
 * @param outcome what it was
 * @param rows of the source that were compared
 * @param parts into how many parts they were divided
 * @param lsn the source's WAL position when the last part had been compared
 * @param at when that was
 * @param mismatches rows that differ, at most a thousand
 * @param note what else there is to say
 * @param covered whether it holds for all that had changed before {@link VerificationRun#seen}: who reads the change
 *     topic from there on, and asks for the rows that it names, knows what this control plane knew
 * @param changedSince whether a table without a key changed after it was compared
 * @param mending whether rows differed before it was emptied, loaded again or made, and nobody has seen them equal yet
 * @param shape a sum of what both catalogs said of it when it was compared, and of the files that held its rows
 * @param definition a sum of its last definition in the change topic; empty if none was seen
 */
public record VerifiedTable(
        TableName table,
        Outcome outcome,
        long rows,
        long parts,
        Optional<String> lsn,
        Optional<Instant> at,
        List<Mismatch> mismatches,
        Optional<String> note,
        boolean covered,
        boolean changedSince,
        boolean mending,
        String shape,
        Optional<String> definition) {

    public VerifiedTable {
        mismatches = List.copyOf(mismatches);
    }

    /** How a comparison ends. */
    public enum Outcome {
        /** Not compared yet, or not since it was emptied or loaded again. */
        NONE,
        VERIFIED,
        DIFFERENT,
        LEFT_TO_COMPARISON,
        UNREADABLE
    }

    /**
     * A row that differs.
     *
     * @param key the beginning of the SHA-256 of its key's texts
     * @param kind how it differs
     */
    public record Mismatch(String key, String kind) {}

    /** Of a table that was not compared yet. */
    public static VerifiedTable none(TableName table, boolean mending) {
        return new VerifiedTable(
                table,
                Outcome.NONE,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false,
                false,
                mending,
                "",
                Optional.empty());
    }

    /** The same, to be compared anew by whoever goes on. */
    public VerifiedTable uncovered() {
        return new VerifiedTable(
                table,
                outcome,
                rows,
                parts,
                lsn,
                at,
                mismatches,
                note,
                false,
                changedSince,
                mending,
                shape,
                definition);
    }

    /** How many rows differ, in words. */
    public String differing() {
        if (outcome != Outcome.DIFFERENT) {
            return "";
        }
        return mismatches.isEmpty() ? note.orElse("rows differ") : mismatches.size() + " rows differ";
    }
}
