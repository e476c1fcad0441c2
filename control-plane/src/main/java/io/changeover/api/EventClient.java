package io.changeover.api;

import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who follows the events. What is to be sent waits in a queue that does not grow for ever: who does not read
 * loses the connection, and can come back with the last id. Safe for use by several threads; one of them runs it.
 */
final class EventClient {

    private static final int QUEUE = 1000;
    /** So that a proxy keeps the connection open, and a client that is gone is noticed. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private static final Duration LOOK = Duration.ofMillis(200);

    /**
     * An event.
     *
     * @param id where to go on after it; empty for one that says only how it is now
     * @param json of its data
     */
    record Event(String name, OptionalLong id, String migration, String json) {}

    private final Sse sse;
    private final SseEventSink sink;
    private final Optional<String> migration;
    private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE);
    private long sent;
    private volatile boolean over;

    /**
     * A client.
     *
     * @param migration only events of this one; empty for all
     * @param after events with ids up to this one it has, or does not want
     */
    EventClient(Sse sse, SseEventSink sink, Optional<String> migration, long after) {
        this.sse = sse;
        this.sink = sink;
        this.migration = migration;
        this.sent = after;
    }

    /** Sends an event when its turn comes; never waits. One without an id is left out when there is much to send. */
    void offer(Event event) {
        if (migration.isPresent() && !migration.get().equals(event.migration())) {
            return;
        }
        boolean leaveOut = event.id().isEmpty() && queue.size() > QUEUE / 2;
        if (!leaveOut && !queue.offer(event)) {
            over = true;
        }
    }

    /** Whether it reads no more, or too slowly. */
    boolean isOver() {
        return over || sink.isClosed();
    }

    /** Ends it soon. */
    void end() {
        over = true;
    }

    /**
     * Sends what comes, until the client is gone, or too slow.
     *
     * @param backlog hands over what comes first, by {@link #catchUp}
     */
    void run(Runnable backlog) {
        try (sink) {
            backlog.run();
            long heard = System.nanoTime();
            while (!isOver()) {
                @Nullable Event event = queue.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                if (event != null) {
                    catchUp(event);
                } else if (System.nanoTime() - heard >= SILENCE.toNanos()) {
                    send(sse.newEventBuilder().comment("still here").build());
                } else {
                    continue;
                }
                heard = System.nanoTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            over = true;
        }
    }

    /** Sends an event now, if the client does not have it; only for the thread that runs it. */
    void catchUp(Event event) {
        boolean known = event.id().isPresent() && event.id().getAsLong() <= sent;
        boolean wanted = migration.isEmpty() || migration.get().equals(event.migration());
        if (!known && wanted && !isOver()) {
            send(outbound(event));
        }
    }

    private OutboundSseEvent outbound(Event event) {
        OutboundSseEvent.Builder builder =
                sse.newEventBuilder().name(event.name()).data(event.json());
        if (event.id().isPresent()) {
            sent = event.id().getAsLong();
            builder.id(String.valueOf(sent));
        }
        return builder.build();
    }

    private void send(OutboundSseEvent event) {
        boolean failed = sink.send(event).toCompletableFuture().isCompletedExceptionally();
        over = over || failed;
    }
}
