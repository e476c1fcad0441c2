package io.changeover.store;

import io.changeover.migration.Recorded;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The newest entries of the audit, in memory, and who wants to hear of each new one. What it does not have any more the
 * topic has. Safe for use by several threads.
 */
final class AuditFeed {

    private static final int MOST = 2000;

    private final Deque<Recorded> entries = new ArrayDeque<>();
    private final List<Consumer<Recorded>> listeners = new CopyOnWriteArrayList<>();
    /** Every entry behind this offset is here. */
    private long floor;

    private long last;

    /**
     * Begins.
     *
     * @param end the topic's end: entries before it are not here
     */
    synchronized void begin(long end) {
        floor = end - 1;
        last = end - 1;
    }

    void add(Recorded recorded) {
        synchronized (this) {
            entries.addLast(recorded);
            last = recorded.offset();
            if (entries.size() > MOST) {
                floor = entries.removeFirst().offset();
            }
        }
        listeners.forEach(listener -> listener.accept(recorded));
    }

    /** The entries behind an offset; empty if not all of them are here. */
    synchronized Optional<List<Recorded>> after(long offset) {
        return offset < floor
                ? Optional.empty()
                : Optional.of(
                        entries.stream().filter(each -> each.offset() > offset).toList());
    }

    /** All that are here. */
    synchronized List<Recorded> newest() {
        return List.copyOf(entries);
    }

    /** The offset of the last entry, or one before which it is. */
    synchronized long last() {
        return last;
    }

    /** Has a listener told of every entry from now on; it must not wait for anything. */
    void listen(Consumer<Recorded> listener) {
        listeners.add(listener);
    }

    /** Takes {@link #listen} back. */
    void forget(Consumer<Recorded> listener) {
        listeners.remove(listener);
    }
}
