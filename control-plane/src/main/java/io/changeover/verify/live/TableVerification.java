package io.changeover.verify.live;

import io.changeover.migration.VerifiedTable;
import io.changeover.postgres.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far the verification of a table is.
 *
 * @param table which
 * @param state how it is
 * @param rows of the source that were compared
 * @param parts into how many parts they were divided
 * @param lsn the source's WAL position when the last part had been compared, once it was
 * @param at when that was
 * @param open rows that changed or differed since, and are still to be asked for
 * @param mismatches rows that differ, at most a thousand
 * @param note what else there is to say
 * @param earlier what was found before, while it is compared anew
 */
public record TableVerification(
        TableName table,
        State state,
        long rows,
        long parts,
        Optional<String> lsn,
        Optional<Instant> at,
        long open,
        List<Mismatch> mismatches,
        Optional<String> note,
        Optional<Earlier> earlier) {

    public TableVerification {
        mismatches = List.copyOf(mismatches);
    }

    /** What is stored of a table. */
    public static TableVerification of(VerifiedTable stored) {
        return new TableVerification(
                stored.table(),
                stored.outcome() == VerifiedTable.Outcome.NONE
                        ? State.WAITING
                        : State.valueOf(stored.outcome().name()),
                stored.rows(),
                stored.parts(),
                stored.lsn(),
                stored.at(),
                0,
                stored.mismatches().stream()
                        .map(each -> new Mismatch(each.key(), Kind.valueOf(each.kind())))
                        .toList(),
                stored.note(),
                Optional.empty());
    }

    TableVerification withNote(String another) {
        return new TableVerification(
                table, state, rows, parts, lsn, at, open, mismatches, Optional.of(another), earlier);
    }

    TableVerification withOpen(long keys) {
        return new TableVerification(table, state, rows, parts, lsn, at, keys, mismatches, note, earlier);
    }

    /**
     * What was found of a table before it had to be compared anew, which does not count any more.
     *
     * @param state what it was
     * @param rows that were compared
     * @param lsn the source's WAL position then
     * @param at when
     */
    public record Earlier(State state, long rows, Optional<String> lsn, Optional<Instant> at) {}

    /** What can be said of a table. */
    public enum State {
        /** Not compared yet, or not since it was emptied, altered or loaded again. */
        WAITING,
        /** Its parts are being compared. */
        COMPARING,
        /** All parts are compared; rows that were not the same are asked for again. */
        SETTLING,
        /** Every row was the same, and every one that changed since was found to be the same, but for the open ones. */
        VERIFIED,
        /** Rows differ though they do not change. */
        DIFFERENT,
        /** It has no key and changes all the time: the comparison after the cutover reads it. */
        LEFT_TO_COMPARISON,
        /** It cannot be read; the note says why. */
        UNREADABLE
    }

    /**
     * A row that differs.
     *
     * @param key the beginning of the SHA-256 of its key's texts; empty where the table has no key
     * @param kind how it differs
     */
    public record Mismatch(String key, Kind kind) {}

    /** How a row differs. */
    public enum Kind {
        /** Both sides have it, with other contents. */
        CONTENTS,
        /** The target does not have it. */
        MISSING,
        /** The source does not have it. */
        TOO_MANY
    }
}
