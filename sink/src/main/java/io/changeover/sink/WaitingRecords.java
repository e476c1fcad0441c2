package io.changeover.sink;

import io.changeover.contract.ChangeEvent;
import io.changeover.sink.decode.RecordDecoder;
import io.changeover.sink.group.BufferLimits;
import io.changeover.sink.group.ChangeSize;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Records that are decoded and wait for what is being applied, half as much as may be held at most. Not thread-safe.
 */
final class WaitingRecords {

    /**
     * A record.
     *
     * @param events what is in it, in order
     * @param bytes about how much memory they take
     */
    record Decoded(SinkRecord record, List<ChangeEvent> events, long bytes) {

        static Decoded of(SinkRecord record) {
            List<ChangeEvent> events = RecordDecoder.decode(record);
            return new Decoded(
                    record, events, events.stream().mapToLong(ChangeSize::of).sum());
        }
    }

    private final long mostEvents;
    private final long mostBytes;
    private final Deque<Decoded> records = new ArrayDeque<>();
    private long events;
    private long bytes;

    WaitingRecords(BufferLimits limits) {
        mostEvents = limits.changes() / 2;
        mostBytes = limits.bytes() / 2;
    }

    /** How many events they have. */
    long events() {
        return events;
    }

    /** About how much memory they take. */
    long bytes() {
        return bytes;
    }

    /** Whether more has to wait elsewhere. */
    boolean isFull() {
        return !records.isEmpty() && (events >= mostEvents || bytes >= mostBytes);
    }

    void add(List<Decoded> more) {
        for (Decoded each : more) {
            records.addLast(each);
            count(each);
        }
    }

    /** All of them, in order; none waits any more. */
    Deque<Decoded> takeAll() {
        Deque<Decoded> all = new ArrayDeque<>(records);
        clear();
        return all;
    }

    /** Those that were taken away and yet have to wait, before all that came since. */
    void putBack(Deque<Decoded> rest) {
        for (Iterator<Decoded> last = rest.descendingIterator(); last.hasNext(); ) {
            Decoded each = last.next();
            records.addFirst(each);
            count(each);
        }
    }

    void clear() {
        records.clear();
        events = 0;
        bytes = 0;
    }

    private void count(Decoded each) {
        events += each.events().size();
        bytes += each.bytes();
    }
}
