package io.changeover.capture;

import io.changeover.capture.wal.WalDecoder;
import io.changeover.contract.ChangeEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Collects events until a pack is full, because what a record costs is most of what a change costs. Nothing waits here
 * for long: when the server has no more to send, the pack goes as it is. Not thread-safe.
 */
final class Packer implements WalDecoder.Sink {

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
    private final List<ChangeEvent> events = new ArrayList<>();
    private Optional<ChangeEvent.End> lastEnd = Optional.empty();
    private int chars;
    private long sent;

    Packer(Limits limits, Output output) {
        this.limits = limits;
        this.output = output;
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
            events.clear();
            lastEnd = Optional.empty();
            chars = 0;
        }
    }

    /** How many packs were sent. */
    long sent() {
        return sent;
    }
}
