package io.changeover.sink.group;

import io.changeover.contract.ChangeEvent;
import io.changeover.sink.group.BrokenStreamException.Kind;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Follows the transactions of a topic, each of which says which one it follows, and tells new ones from those that are
 * known. What does not fit is an error: a record that is missing anywhere is noticed here. Not thread-safe, no I/O.
 *
 * <p>States and what moves them:
 *
 * <ul>
 *   <li>in a tail, where reading begins, perhaps inside a transaction: all is passed over; Begin opens one; End must be
 *       that of a known one
 *   <li>between: Begin opens a transaction that is new if it follows the last one, and known if it follows an earlier
 *       one; Started says where the first one begins; anything else is an error
 *   <li>inside a known one: its changes are passed over up to its End
 *   <li>inside a new one: it counts; its End must say the same, and makes it the last one
 * </ul>
 *
 * Inside, Begin and Started also say that the capture was ended there and sends the transaction again.
 */
final class Chain {

    private enum Place {
        TAIL,
        BETWEEN,
        KNOWN,
        NEW
    }

    private LogSequenceNumber last;
    private boolean hasTransaction;
    private Place place = Place.TAIL;
    private long xid;
    private long count;

    /**
     * A chain up to the last transaction that is known.
     *
     * @param commitLsn of that transaction; {@code 0/0} if there is none
     */
    Chain(LogSequenceNumber commitLsn) {
        last = commitLsn;
        hasTransaction = commitLsn.asLong() != 0;
    }

    /** What the next transaction has to follow: the last one's commit LSN, or the consistent point of the beginning. */
    LogSequenceNumber last() {
        return last;
    }

    /** Whether a transaction is known, and not only where the first one begins. */
    boolean hasTransaction() {
        return hasTransaction;
    }

    /**
     * Takes the next event.
     *
     * @return whether it belongs to a new transaction
     * @throws BrokenStreamException if it does not fit
     */
    boolean isNew(ChangeEvent event) {
        if (event instanceof ChangeEvent.Begin begin) {
            place = follows(begin) ? Place.NEW : Place.KNOWN;
            xid = begin.xid();
            count = 0;
            return place == Place.NEW;
        } else if (event instanceof ChangeEvent.End end) {
            boolean isNew = place == Place.NEW;
            end(end);
            return isNew;
        } else if (event instanceof ChangeEvent.Started started) {
            start(started.consistentPoint());
            return false;
        }
        count++;
        if (place == Place.BETWEEN) {
            throw broken("A change lies outside of a transaction");
        }
        return place == Place.NEW;
    }

    /**
     * Looks at an event below the target's position, where all is known.
     *
     * @throws BrokenStreamException if it is not: then this is not the topic in which the position was stored
     */
    void requireKnown(ChangeEvent event) {
        if (event instanceof ChangeEvent.Begin begin) {
            requireKnown(begin.after(), "follows the one with commit LSN ");
        } else if (event instanceof ChangeEvent.End end) {
            requireKnown(end.commitLsn(), "has commit LSN ");
        }
    }

    private void requireKnown(LogSequenceNumber lsn, String what) {
        if (lsn.compareTo(last) > 0) {
            throw new BrokenStreamException(
                    Kind.OTHER_TOPIC,
                    "The topic is not the one that was applied so far: where the target has applied everything up to"
                            + " commit LSN " + last.asString() + " lies a transaction that " + what + lsn.asString());
        }
    }

    private boolean follows(ChangeEvent.Begin begin) {
        int order = begin.after().compareTo(last);
        if (order > 0) {
            String known = last.asLong() == 0
                    ? "the target knows none, and the beginning of the topic was not there"
                    : "the last one that the target knows has " + last.asString();
            throw missing("transaction " + begin.xid() + " follows the one with commit LSN "
                    + begin.after().asString() + ", but " + known);
        }
        return order == 0;
    }

    private void start(LogSequenceNumber consistentPoint) {
        if (hasTransaction && consistentPoint.compareTo(last) > 0) {
            throw missing("the capture has begun anew at " + consistentPoint.asString()
                    + ", but the last transaction that the target knows has commit LSN " + last.asString());
        }
        last = hasTransaction ? last : consistentPoint;
        place = Place.BETWEEN;
    }

    private void end(ChangeEvent.End end) {
        if (place == Place.NEW) {
            requireWhole(end);
            last = end.commitLsn();
            hasTransaction = true;
        } else if (place == Place.BETWEEN || end.commitLsn().compareTo(last) > 0) {
            throw broken("Transaction " + end.xid() + " (commit LSN "
                    + end.commitLsn().asString()
                    + ") ends, but its beginning is missing. The last transaction that the target knows has commit LSN "
                    + last.asString());
        }
        place = Place.BETWEEN;
    }

    private void requireWhole(ChangeEvent.End end) {
        if (end.xid() != xid || end.count() != count || end.commitLsn().compareTo(last) <= 0) {
            throw broken("Transaction " + xid + ", which follows the one with commit LSN " + last.asString()
                    + ", is not whole: " + count + " events have come, and its end, of transaction " + end.xid()
                    + " with commit LSN " + end.commitLsn().asString() + ", says " + end.count());
        }
    }

    private static BrokenStreamException missing(String what) {
        return new BrokenStreamException(
                Kind.TRANSACTIONS_MISSING,
                "Transactions are missing: " + what + ". Records of the topic were deleted, have expired or were"
                        + " compacted, or the topic was made anew. The target has all up to the last one it knows, and"
                        + " nothing behind it");
    }

    static BrokenStreamException broken(String what) {
        return new BrokenStreamException(
                Kind.TRANSACTION_BROKEN,
                what
                        + ". A record is missing, or somebody else has written to the topic. Nothing of the transaction was"
                        + " committed on the target");
    }
}
