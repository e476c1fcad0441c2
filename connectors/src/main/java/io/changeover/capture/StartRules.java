package io.changeover.capture;

import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Decides whether the capture may read on, or begin. Whatever could leave a gap, or mix two servers, stops it with a
 * code and a remedy; it never starts elsewhere.
 */
final class StartRules {

    private static final String ANEW =
            "Migrate this database again, under another migration name and into an empty target";

    private StartRules() {}

    /** Whether the slot has to be made: the very first start. */
    static boolean isFirstStart(Optional<StoredPosition> stored, SourceFacts facts) {
        return stored.isEmpty() && facts.slot().isEmpty();
    }

    /**
     * Checks that the stream can be read without a gap.
     *
     * @param settings the names, for messages
     * @throws SlotInUse if somebody else reads the slot, which may pass
     * @throws SlotInUse if somebody else reads the slot, which may pass
     * @throws ConnectException if not; the message begins with the code
     */
    static void check(CaptureSettings settings, Optional<StoredPosition> stored, SourceFacts facts) {
        if (facts.publication().isEmpty()) {
            throw refusal(
                    "CO-2003",
                    "there is no publication " + settings.publication() + " in "
                            + settings.source().database() + ": create it for the tables to migrate");
        }
        if (stored.isEmpty()) {
            facts.slot().ifPresent(slot -> {
                throw refusal(
                        "CO-2001",
                        "the replication slot " + settings.slot() + " exists, but this connector has no"
                                + " stored offset: it cannot tell what was read. If nothing was loaded yet, drop the slot"
                                + " (select pg_drop_replication_slot('" + settings.slot()
                                + "')) and restart the connector;"
                                + " otherwise: " + ANEW);
            });
            return;
        }
        checkServer(settings, stored.get(), facts);
        checkSlot(settings, stored.get(), facts);
        if (!stored.get().knows(facts.publication().get())) {
            throw refusal(
                    "CO-2010",
                    "the publication " + settings.publication() + " was altered since the capture began:"
                            + " what was changed in between in tables that were not published is not in the stream. Put it back"
                            + " as it was if nothing was written meanwhile; otherwise: " + ANEW);
        }
    }

    private static void checkServer(CaptureSettings settings, StoredPosition stored, SourceFacts facts) {
        if (stored.systemIdentifier()
                .filter(id -> !id.equals(facts.systemIdentifier()))
                .isPresent()) {
            throw refusal(
                    "CO-2007",
                    "the server at " + settings.source().host() + ":"
                            + settings.source().port()
                            + " is another one than the capture began with (system identifier "
                            + facts.systemIdentifier()
                            + ", was " + stored.systemIdentifier().get() + "). Point host and port to the old one, or: "
                            + ANEW);
        }
        Optional<LogSequenceNumber> last = stored.lastCommit();
        if (last.filter(lsn -> lsn.compareTo(facts.writePosition()) > 0).isPresent()) {
            throw refusal(
                    "CO-2009",
                    "the source has gone back: it writes at "
                            + facts.writePosition().asString()
                            + ", the capture has read up to " + last.get().asString()
                            + ". It was restored to an earlier moment, or a standby that was behind was promoted: rows on the"
                            + " target may not be on the source any more. " + ANEW);
        }
        if (stored.timeline().filter(timeline -> timeline != facts.timeline()).isPresent()) {
            throw refusal(
                    "CO-2008",
                    "the source is on timeline " + facts.timeline() + ", the capture began on timeline "
                            + stored.timeline().get()
                            + ": it failed over or was restored, and nobody can say that the slot lost"
                            + " nothing. " + ANEW);
        }
    }

    private static void checkSlot(CaptureSettings settings, StoredPosition stored, SourceFacts facts) {
        SourceFacts.Slot slot = facts.slot()
                .orElseThrow(() -> refusal(
                        "CO-2002",
                        "the replication slot " + settings.slot() + " is gone, but this"
                                + " connector has a stored offset: changes may be lost. " + ANEW));
        slot.lost().ifPresent(reason -> {
            throw refusal(
                    "CO-2006",
                    "the replication slot " + settings.slot() + " was invalidated (" + reason
                            + "): the WAL that it needs is gone. Raise max_slot_wal_keep_size, see that the capture runs, and: "
                            + ANEW);
        });
        Optional<LogSequenceNumber> last = stored.lastCommit();
        if (last.filter(lsn -> slot.confirmedFlush().compareTo(lsn) > 0).isPresent()) {
            throw refusal(
                    "CO-2005",
                    "the replication slot " + settings.slot() + " is past the stored offset (slot "
                            + slot.confirmedFlush().asString() + ", offset "
                            + last.get().asString()
                            + "): something else has read it, or it was made again. Changes in between are lost. "
                            + ANEW);
        }
        slot.reader().ifPresent(pid -> {
            throw new SlotInUse("CO-2011: the replication slot " + settings.slot() + " is being read by somebody else"
                    + " (process " + pid + " on the source): stop the other connector or program; select * from"
                    + " pg_stat_replication where pid = " + pid + " says where it is");
        });
    }

    private static ConnectException refusal(String code, String message) {
        return new ConnectException(code + ": " + message);
    }
}
