package io.changeover.capture.wal;

import io.changeover.contract.ChangeEvent;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Puts a begin before what is said of a transaction, and an end behind it; of a transaction that says nothing, neither.
 * Links each begin to the end before it. For one stream, one thread.
 */
final class Framing {

    private LogSequenceNumber last;
    private long xid;
    private long said;

    /**
     * A frame for a stream.
     *
     * @param start where the stream starts: the end of the last transaction that was sent, or the consistent point
     */
    Framing(LogSequenceNumber start) {
        last = start;
    }

    void begin(long xid) {
        this.xid = xid;
        said = 0;
    }

    void say(ChangeEvent event, int chars, WalDecoder.Sink sink) throws InterruptedException {
        if (said == 0) {
            sink.accept(new ChangeEvent.Begin(xid, last), 0);
        }
        said++;
        sink.accept(event, chars);
    }

    void commit(LogSequenceNumber lsn, long committedAt, WalDecoder.Sink sink) throws InterruptedException {
        if (said > 0) {
            last = lsn;
            sink.accept(new ChangeEvent.End(xid, lsn, committedAt, said), 0);
        }
    }
}
