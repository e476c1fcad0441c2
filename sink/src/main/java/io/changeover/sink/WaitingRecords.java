package io.changeover.sink;

import io.changeover.contract.ChangeEvent;
import io.changeover.sink.decode.RecordDecoder;
import io.changeover.sink.group.BufferLimits;
import io.changeover.sink.group.ChangeSize;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Records that are decoded and wait for what is being applied, half as much as may be held: more of it would only
 * outlive more collections of the heap. Thread-safe: one thread adds, another one takes.
 */
final class WaitingRecords {

    /**
     * A record.
     *
     * @param events what is in it, in order
     * @param changes how many of them are not the beginning or end of a transaction, and one for each transaction
     * @param bytes about how much memory they take
     */
    record Decoded(SinkRecord record, List<ChangeEvent> events, int changes, long bytes) {

        static Decoded of(SinkRecord record) {
            List<ChangeEvent> events = RecordDecoder.decode(record);
            int changes = 0;
            long bytes = 0;
            for (ChangeEvent each : events) {
                if (!(each instanceof ChangeEvent.Begin)) {
                    changes++;
                    bytes += ChangeSize.of(each);
                }
            }
            return new Decoded(record, events, changes, bytes);
        }
    }

    private final long mostChanges;
    private final long mostBytes;
    private final Deque<Decoded> records = new ArrayDeque<>();
    private long changes;
    private long bytes;

    WaitingRecords(BufferLimits limits) {
        mostChanges = Math.max(1, limits.changes() / 2);
        mostBytes = Math.max(1, limits.bytes() / 2);
    }

    /** How many changes they have, and one for each transaction. */
    synchronized long changes() {
        return changes;
    }

    /** About how much memory they take. */
    synchronized long bytes() {
        return bytes;
    }

    /** Whether more has to wait elsewhere. */
    synchronized boolean isFull() {
        return !records.isEmpty() && (changes >= mostChanges || bytes >= mostBytes);
    }

    synchronized void add(List<Decoded> more) {
        for (Decoded each : more) {
            records.addLast(each);
            count(each);
        }
    }

    /** All of them, in order; none waits any more. */
    synchronized Deque<Decoded> takeAll() {
        Deque<Decoded> all = new ArrayDeque<>(records);
        clear();
        notifyAll();
        return all;
    }

    /**
     * Waits until there is room, or it is over. An interrupt is kept for the caller: a connection in use cannot be let
     * go of.
     *
     * @param isOver whether nobody will take any; {@link #over()} says that it has changed
     */
    synchronized void awaitRoom(BooleanSupplier isOver) {
        boolean isInterrupted = false;
        while (isFull() && !isOver.getAsBoolean()) {
            try {
                wait();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever took them is at its end. */
    synchronized void over() {
        notifyAll();
    }

    /** Those that were taken away and yet have to wait, before all that came since. */
    synchronized void putBack(Deque<Decoded> rest) {
        for (Iterator<Decoded> last = rest.descendingIterator(); last.hasNext(); ) {
            Decoded each = last.next();
            records.addFirst(each);
            count(each);
        }
    }

    synchronized void clear() {
        records.clear();
        changes = 0;
        bytes = 0;
    }

    private void count(Decoded each) {
        changes += each.changes();
        bytes += each.bytes();
    }
}
