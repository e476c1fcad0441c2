package io.changeover.report;

import io.changeover.migration.VerificationResult;
import io.changeover.migration.VerifiedTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was verified while changes flowed.
 *
 * @param began when the last verification of all tables began
 * @param ended when it ended
 * @param askedBy whose doing it was
 * @param tables in order of name
 */
public record Verified(Optional<Instant> began, Optional<Instant> ended, Optional<String> askedBy, List<Table> tables) {

    public Verified {
        tables = List.copyOf(tables);
    }

    /** What was found of a table the last time; the LSN is the source's. */
    public record Table(
            String table,
            String outcome,
            long rows,
            long parts,
            Optional<String> lsn,
            Optional<Instant> at,
            List<VerifiedTable.Mismatch> mismatches,
            Optional<String> note) {

        public Table {
            mismatches = List.copyOf(mismatches);
        }
    }

    /** What is stored; empty if nothing is. */
    static Optional<Verified> of(VerificationResult stored) {
        if (stored.tables().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Verified(
                stored.run().began(),
                stored.run().ended(),
                Optional.of(stored.run().who()).filter(who -> !who.isEmpty()),
                stored.tables().stream().map(Verified::table).toList()));
    }

    private static Table table(VerifiedTable stored) {
        return new Table(
                stored.table().toString(),
                stored.outcome().name(),
                stored.rows(),
                stored.parts(),
                stored.lsn(),
                stored.at(),
                stored.mismatches(),
                stored.note());
    }
}
