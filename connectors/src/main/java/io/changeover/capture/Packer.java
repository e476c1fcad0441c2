package io.changeover.capture;

import io.changeover.capture.wal.WalDecoder;
import io.changeover.contract.ChangeEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Collects events until a pack is full, because what a record costs is most of what a change costs. Nothing waits here
 * for long: when the server has no more to send, the pack goes as it is, but not too soon after the one before. A
 * reader that is faster than the server would make many small packs otherwise, whose cost then slows the server down.
 * Not thread-safe.
 */
final class Packer implements WalDecoder.Sink {

    /** Between two packs that are not full: what this adds to the latency is less than what many records would. */
    private static final Duration SHORT = Duration.ofMillis(10);

    /**
     * The same after a pack of many events: there is a backlog, and one transaction's latency is that of the backlog.
     */
    private static final Duration LONG = Duration.ofMillis(20);

    private static final int MANY = 100;

    /** How often a pack gets more until then: the server is not disturbed meanwhile. */
    private static final int BREATHS = 4;

    /**
     * What a pack holds at most.
     *
     * @param events their number
     * @param chars of their values together; a single change may have more
     * @param bytes of the record that is made of them
     */
    record Limits(int events, int chars, int bytes) {}

    /** Takes packs; may block. */
    @FunctionalInterface
    interface Output {
        void send(List<ChangeEvent> events, Optional<ChangeEvent.End> lastEnd) throws InterruptedException;
    }

    private final Limits limits;
    private final Output output;
    private final LongSupplier nanos;
    private final List<ChangeEvent> events = new ArrayList<>();
    private Optional<ChangeEvent.End> lastEnd = Optional.empty();
    private int chars;
    private long sent;
    private Duration pause = SHORT;
    private long nextAt;

    /**
     * One without events.
     *
     * @param nanos a clock, as {@link System#nanoTime()}
     */
    Packer(Limits limits, Output output, LongSupplier nanos) {
        this.limits = limits;
        this.output = output;
        this.nanos = nanos;
        this.nextAt = nanos.getAsLong();
    }

    @Override
    public void accept(ChangeEvent event, int length) throws InterruptedException {
        if (chars > 0 && chars + length > limits.chars()) {
            send();
        }
        if (length > limits.chars()) {
            RecordSize.check(event, limits.bytes());
        }
        events.add(event);
        chars += length;
        if (event instanceof ChangeEvent.End end) {
            lastEnd = Optional.of(end);
        }
        if (events.size() >= limits.events()) {
            send();
        }
    }

    /** Sends what there is. */
    void send() throws InterruptedException {
        if (!events.isEmpty()) {
            output.send(events, lastEnd);
            sent++;
            pause = events.size() < MANY ? SHORT : LONG;
            nextAt = nanos.getAsLong() + pause.toNanos();
            events.clear();
            lastEnd = Optional.empty();
            chars = 0;
        }
    }

    /** Whether there is nothing to send. */
    boolean isEmpty() {
        return events.isEmpty();
    }

    /** Whether there is nothing that has to be sent now. */
    boolean mayWait() {
        return events.isEmpty() || nanos.getAsLong() - nextAt < 0;
    }

    /** How long to let a server send that is slower than its reader, before more is read into a pack that may wait. */
    Duration breath() {
        return pause.dividedBy(BREATHS);
    }

    /** How many packs were sent. */
    long sent() {
        return sent;
    }
}
