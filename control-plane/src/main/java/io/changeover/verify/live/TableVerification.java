package io.changeover.verify.live;

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
        Optional<String> note) {

    public TableVerification {
        mismatches = List.copyOf(mismatches);
    }

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
