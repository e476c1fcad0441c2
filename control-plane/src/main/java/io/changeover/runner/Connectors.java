package io.changeover.runner;

import io.changeover.connect.ConnectClient;
import io.changeover.connect.ConnectorStatus;
import io.changeover.connect.ConnectorTemplates;
import io.changeover.postgres.Connections;
import io.changeover.schema.MarkerTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connectors of a pair: starts them, and starts what failed of them again, a few times, with growing pauses. What
 * fails on and on, or with one of our own codes, stops the pair with the connector's own reason. Not thread-safe.
 */
final class Connectors {

    private static final Logger LOG = LoggerFactory.getLogger(Connectors.class);
    private static final int ATTEMPTS = 6;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration HEALTHY = Duration.ofMinutes(1);

    private record Restarts(int count, Instant last) {}

    private final Pair pair;
    private final ConnectClient connect;
    private final ConnectorTemplates templates;
    private final Clock clock;
    private final Map<String, Restarts> restarts = new HashMap<>();
    private final Set<String> ensured = new HashSet<>();

    Connectors(Pair pair, ConnectClient connect, Clock clock) {
        this.pair = pair;
        this.connect = connect;
        this.clock = clock;
        this.templates = new ConnectorTemplates(pair.spec(), pair.pair(), pair.names());
    }

    /** Starts the capture; whether it runs and its first offset is stored. */
    boolean capture() throws StepFailed, SQLException {
        String name = pair.names().capture();
        if (!ensured.contains(name)) {
            ensure(name, templates.capture(heartbeat()));
        }
        if (connect.status(name).filter(ConnectorStatus::failed).isPresent() && !connect.hasOffset(name)) {
            // killed between the slot and the first offset: nothing was loaded yet, so the slot can be made again
            dropSlot();
        }
        return healthy(name) && connect.hasOffset(name);
    }

    /** Before PostgreSQL 14 a heartbeat is a row of our own. */
    private Optional<String> heartbeat() throws SQLException {
        try (Connection source = Connections.open(pair.source(), "changeover-control")) {
            return MarkerTable.isNeeded(source.getMetaData().getDatabaseMajorVersion())
                    ? Optional.of(MarkerTable.heartbeat())
                    : Optional.empty();
        }
    }

    /** Starts the load, also one that was stopped when it had nothing left to do; whether it runs. */
    boolean load() throws StepFailed {
        boolean runs = true;
        for (Map.Entry<String, Map<String, String>> each : templates.loads().entrySet()) {
            ensure(each.getKey(), each.getValue());
            if (connect.status(each.getKey()).filter(ConnectorStatus::stopped).isPresent()) {
                connect.resume(each.getKey());
            }
            runs &= healthy(each.getKey());
        }
        return runs;
    }

    /** Starts the sink; whether it runs. */
    boolean sink() throws StepFailed {
        ensure(pair.names().sink(), templates.sink());
        return healthy(pair.names().sink());
    }

    /** Whether the capture runs; starts again what failed. */
    boolean capturing() throws StepFailed {
        return healthy(pair.names().capture());
    }

    /** Starts what failed of the sink again, if there is one. */
    void applying() throws StepFailed {
        healthy(pair.names().sink());
    }

    /** Whether capture and sink run; starts again what failed. */
    boolean following() throws StepFailed {
        boolean capturing = capturing();
        return healthy(pair.names().sink()) && capturing;
    }

    /** Stops the load's tasks; they have nothing left to do. */
    void stopLoad() {
        templates.loads().keySet().forEach(connect::stop);
    }

    /**
     * Ends what writes to the target, load and sink.
     *
     * @param captureToo whether what reads from the source ends as well
     * @return whether all of it has ended
     */
    boolean halt(boolean captureToo) {
        Set<String> names = new HashSet<>(templates.loads().keySet());
        names.add(pair.names().sink());
        if (captureToo) {
            names.add(pair.names().capture());
        }
        boolean halted = true;
        for (String name : names) {
            Optional<ConnectorStatus> status = connect.status(name);
            if (status.filter(found -> !found.stopped()).isPresent()) {
                connect.stop(name);
            }
            halted &= status.isEmpty() || status.get().ended();
        }
        return halted;
    }

    /** Lets capture and sink go on after {@link #halt}, if they are there; the load goes on when it is needed. */
    void resume() {
        for (String name : Set.of(pair.names().capture(), pair.names().sink())) {
            if (connect.status(name).filter(ConnectorStatus::stopped).isPresent()) {
                connect.resume(name);
            }
        }
    }

    /**
     * A cutover is about to take the stream from the sink. If it is given up the sink finds itself fenced, which is
     * then no reason to give up the pair, however often it comes.
     */
    void sinkWillBeFenced() {
        restarts.remove(pair.names().sink());
    }

    void deleteSink() {
        connect.delete(pair.names().sink());
    }

    /** Removes the connectors and what Connect remembers of them; whether all of it is gone. */
    boolean deleteAll() {
        boolean gone = forget(pair.names().capture());
        gone &= remove(pair.names().sink(), false);
        for (String load : templates.loads().keySet()) {
            gone &= forget(load);
        }
        return gone;
    }

    /** A stored offset would make a later migration of the same name believe that it had begun. */
    private boolean forget(String name) {
        return remove(name, true);
    }

    /** Without its offsets, those of a sink of changes stay: to alter them is to alter its position in the target. */
    private boolean remove(String name, boolean withOffsets) {
        Optional<ConnectorStatus> status = connect.status(name);
        if (status.isEmpty()) {
            return true;
        }
        if (!status.get().ended()) {
            connect.stop(name);
            return false;
        }
        if (withOffsets) {
            connect.deleteOffsets(name);
        }
        connect.delete(name);
        ensured.remove(name);
        return true;
    }

    /** Once for each start a configuration that has changed, such as a password's reference, is handed on. */
    private void ensure(String name, Map<String, String> config) {
        if (ensured.contains(name)) {
            return;
        }
        Map<String, String> wanted = new HashMap<>(config);
        wanted.put("name", name);
        if (!connect.config(name).equals(Optional.of(wanted))) {
            connect.put(name, config);
        }
        ensured.add(name);
    }

    private boolean healthy(String name) throws StepFailed {
        Optional<ConnectorStatus> status = connect.status(name);
        if (status.filter(ConnectorStatus::failed).isPresent()) {
            restart(name, status.get().cause());
        }
        return status.filter(ConnectorStatus::running).isPresent();
    }

    private void restart(String name, String cause) throws StepFailed {
        Instant now = clock.instant();
        Restarts before = restarts.getOrDefault(name, new Restarts(0, Instant.EPOCH));
        if (before.last().plus(HEALTHY).isBefore(now)) {
            before = new Restarts(0, before.last());
        }
        // somebody may have mended it since: once for each start
        boolean hopeless = cause.startsWith("CO-2") && !cause.startsWith("CO-2001") && before.count() > 0;
        if (hopeless || before.count() >= ATTEMPTS) {
            throw new StepFailed("The connector " + name + " failed: " + cause);
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << before.count());
        if (before.last().plus(pause).isBefore(now)) {
            LOG.warn("Starting what failed of {} again: {}", name, cause);
            restarts.put(name, new Restarts(before.count() + 1, now));
            connect.restartFailed(name);
        }
    }

    /** Drops the pair's slot if nobody reads it. */
    void dropSlot() throws SQLException {
        String sql = "select pg_drop_replication_slot(slot_name) from pg_replication_slots"
                + " where slot_name = ? and not active";
        try (Connection source = Connections.open(pair.source(), "changeover-control");
                PreparedStatement drop = source.prepareStatement(sql)) {
            drop.setString(1, pair.names().slot());
            drop.execute();
        }
    }

    /** Whether the pair's slot is still there. */
    boolean slotExists() throws SQLException {
        String sql = "select from pg_replication_slots where slot_name = ?";
        try (Connection source = Connections.open(pair.source(), "changeover-control");
                PreparedStatement select = source.prepareStatement(sql)) {
            select.setString(1, pair.names().slot());
            return select.executeQuery().next();
        }
    }
}
