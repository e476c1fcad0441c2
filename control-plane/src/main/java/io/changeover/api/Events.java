package io.changeover.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.changeover.migration.AuditEntry;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Migration;
import io.changeover.migration.Recorded;
import io.changeover.runner.ControlPlane;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells clients what happens: every change of what is remembered, whose ids are places in the audit, so that one who
 * comes back misses none; and, without ids, numbers of pairs when they have changed. Safe for use by several threads.
 */
final class Events implements Consumer<Recorded>, AutoCloseable {

    /** Each has a thread of its own. */
    static final int MOST_CLIENTS = 32;

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    /** What a new client begins with: nothing before it is told. */
    private record Beginning(int migrations) {}

    private final ControlPlane controlPlane;
    private final List<EventClient> clients = new CopyOnWriteArrayList<>();
    private final Map<String, String> lastProgress = new HashMap<>();

    /** Somebody is there who has not been told of numbers that do not change any more. */
    private volatile boolean somebodyIsNew;

    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "changeover-events");
        thread.setDaemon(true);
        return thread;
    });

    Events(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        controlPlane.listen(this);
        var unused = looks.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Begins to tell a client.
     *
     * @param after the last id that it has; empty if it begins now
     * @return whether there is room for it
     */
    boolean join(Sse sse, SseEventSink sink, Optional<String> migration, OptionalLong after) {
        EventClient client;
        synchronized (clients) {
            clients.removeIf(EventClient::isOver);
            if (clients.size() >= MOST_CLIENTS) {
                return false;
            }
            client = new EventClient(sse, sink, migration, after.orElse(-1));
            clients.add(client); // first, so that nothing falls between the backlog and what comes now
            somebodyIsNew = true;
        }
        long end = controlPlane.lastAudit();
        Runnable backlog = after.isPresent() && after.getAsLong() <= end
                ? () -> controlPlane.auditAfter(after.getAsLong()).forEach(each -> client.catchUp(change(each)))
                : () -> client.catchUp(new EventClient.Event(
                        "begin",
                        end < 0 ? OptionalLong.empty() : OptionalLong.of(end),
                        migration.orElse(""),
                        json(new Beginning(controlPlane.migrations().size()))));
        Thread thread = new Thread(
                () -> {
                    client.run(backlog);
                    clients.remove(client);
                },
                "changeover-events-client");
        thread.setDaemon(true);
        thread.start();
        return true;
    }

    /** Tells everybody of a change. */
    @Override
    public void accept(Recorded recorded) {
        tell(change(recorded));
    }

    private static EventClient.Event change(Recorded recorded) {
        AuditEntry entry = recorded.entry();
        return new EventClient.Event("change", OptionalLong.of(recorded.offset()), entry.migration(), json(entry));
    }

    private void tell(EventClient.Event event) {
        clients.forEach(client -> client.offer(event));
    }

    private void look() {
        if (somebodyIsNew) {
            somebodyIsNew = false;
            lastProgress.clear();
        }
        if (clients.isEmpty()) {
            return;
        }
        try {
            controlPlane.migrations().forEach(this::progress);
        } catch (RuntimeException e) {
            LOG.warn("Cannot tell clients of the progress; will go on trying", e);
        }
    }

    private void progress(Migration migration) {
        for (DatabaseStatus status : migration.databases()) {
            String json = json(Views.progress(Views.database(controlPlane, migration, status)));
            String pair = migration.name() + "/" + status.pair().source();
            if (!json.equals(lastProgress.put(pair, json))) {
                tell(new EventClient.Event("progress", OptionalLong.empty(), migration.name(), json));
            }
        }
    }

    private static String json(Object value) {
        try {
            return Json.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets all clients go. */
    @Override
    public void close() {
        controlPlane.forget(this);
        looks.shutdownNow();
        clients.forEach(EventClient::end);
    }
}
