package io.changeover.migration;

import java.util.List;

/**
 * What the verification of a pair has found, as it is stored.
 *
 * @param run the last verification of all tables
 * @param tables in order of name
 */
public record VerificationResult(VerificationRun run, List<VerifiedTable> tables) {

    /** Nothing was verified. */
    public static final VerificationResult NONE = new VerificationResult(VerificationRun.NONE, List.of());

    public VerificationResult {
        tables = List.copyOf(tables);
    }

    /** How many tables had this outcome. */
    public long count(VerifiedTable.Outcome outcome) {
        return tables.stream().filter(table -> table.outcome() == outcome).count();
    }
}
