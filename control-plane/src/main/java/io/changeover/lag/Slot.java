package io.changeover.lag;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The replication slot of a database pair, and the WAL that the source keeps for it.
 *
 * @param name the slot's
 * @param active whether somebody reads it now
 * @param confirmed what its reader has confirmed
 * @param retainedBytes how much WAL the source keeps because of it; 0 when it is lost
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}, as PostgreSQL says it from
 *     13 on
 * @param safeBytes how much WAL the server may write before the slot is in danger; empty before 13, without a
 *     {@code max_slot_wal_keep_size}, and when it is lost
 */
public record Slot(
        String name,
        boolean active,
        LogSequenceNumber confirmed,
        long retainedBytes,
        Optional<String> walStatus,
        Optional<Long> safeBytes) {

    private static final long MUCH = 1L << 30;
    private static final String MORE_ROOM = "Raise max_slot_wal_keep_size on the source (a reload is enough), and see"
            + " that the capture runs and keeps up";

    /** Whether the source has removed WAL that was not read: nothing can bring it back. */
    public boolean lost() {
        return walStatus.filter("lost"::equals).isPresent();
    }

    /** What threatens the migration, with the remedy; empty if nothing does. */
    public List<String> warnings() {
        if (lost()) {
            return List.of(
                    "The replication slot " + name + " is lost: the source has removed WAL that was not captured,"
                            + " because the slot kept more than max_slot_wal_keep_size. Raise it, see why the capture did not"
                            + " keep up, and migrate this database again under another name into an empty target");
        }
        List<String> warnings = new ArrayList<>();
        if (walStatus.filter("unreserved"::equals).isPresent()) {
            warnings.add("The replication slot " + name + " is lost at the source's next checkpoint (wal_status is"
                    + " unreserved) if it is not read before. " + MORE_ROOM);
        } else if (safeBytes.filter(this::isLittle).isPresent()) {
            warnings.add("The replication slot " + name + " keeps " + megabytes(retainedBytes)
                    + " of WAL on the source and is in danger after " + megabytes(safeBytes.get()) + " more. "
                    + MORE_ROOM);
        }
        if (!active && retainedBytes >= MUCH) {
            warnings.add("Nobody reads the replication slot " + name + ", and the source keeps "
                    + megabytes(retainedBytes) + " of WAL for it. See that the capture runs; if the migration is given"
                    + " up, drop the slot: select pg_drop_replication_slot('" + name + "')");
        }
        return warnings;
    }

    /** Less than 1 GB, or than a tenth of what is allowed; where little is allowed, 1 GB would always be too little. */
    private boolean isLittle(long safe) {
        long allowed = retainedBytes + safe;
        return safe < Math.max(allowed / 10, Math.min(MUCH, allowed / 2));
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + " MB";
    }
}
