package io.changeover.sink.group;

import org.postgresql.replication.LogSequenceNumber;

/**
 * The source transaction of a change, as far as it is known.
 *
 * @param xid its id, 32 bits
 * @param commitLsn the end of its commit record; before its end has come, a lower bound of that
 * @param hasEnded whether its end has come
 */
public record Origin(long xid, LogSequenceNumber commitLsn, boolean hasEnded) {

    /** For messages: {@code at commit LSN 0/30}. */
    public String description() {
        return hasEnded
                ? "at commit LSN " + commitLsn.asString()
                : "in transaction " + xid + ", which commits after LSN " + commitLsn.asString();
    }
}
