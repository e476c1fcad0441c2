package io.changeover.capture;

import io.changeover.contract.Version;
import io.debezium.connector.postgresql.PostgresConnector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.connector.Task;

/**
 * Debezium's PostgreSQL connector, made fit for a migration: it writes the change topic of
 * {@link io.changeover.contract}, named by {@code topic.prefix}, and nothing else.
 *
 * <p>It takes Debezium's configuration. What exactness needs is not left to the deployer: see {@link #FIXED}.
 */
public final class CaptureConnector extends PostgresConnector {

    /** Settings without which rows would be lost or altered; they override the deployer's. */
    public static final Map<String, String> FIXED = Map.ofEntries(
            Map.entry("plugin.name", "pgoutput"),
            // the load copies the rows; see the load connector
            Map.entry("snapshot.mode", "no_data"),
            // only the control plane knows the tables of a migration, and which are safe to publish
            Map.entry("publication.autocreate.mode", "disabled"),
            // the stream is read by ChangeStream; Debezium need not know a single table, also with a line break in its
            // name
            Map.entry("table.exclude.list", "(?s).*"),
            Map.entry("tombstones.on.delete", "false"),
            Map.entry("event.converting.failure.handling.mode", "fail"),
            Map.entry("event.processing.failure.handling.mode", "fail"),
            Map.entry("offset.mismatch.strategy", "trust_offset"),
            Map.entry("lsn.flush.mode", "connector"),
            Map.entry("slot.drop.on.stop", "false"),
            Map.entry("binary.handling.mode", "bytes"),
            Map.entry("message.prefix.include.list", "changeover"));

    /** Settings that a deployer may change. */
    public static final Map<String, String> DEFAULTS = Map.of(
            "tasks.max", "1",
            // how often Debezium looks whether there is something: it need not, see ChangeStream and max.batch.size
            "poll.interval.ms", "50",
            // packs, of a quarter of a megabyte each at most. One of them is enough to wake up the task; of more it
            // would wait for the interval's end, the last millisecond of it in a loop
            "max.batch.size", "1",
            "max.queue.size", "32",
            "heartbeat.interval.ms", "1000",
            "heartbeat.action.query", "select pg_catalog.pg_logical_emit_message(true, 'changeover', 'heartbeat')",
            "errors.max.retries", "10",
            "retriable.restart.connector.wait.ms", "2000",
            // on a restart the server may not have let go of the slot: a minute of patience, in short steps
            "slot.retry.delay.ms", "200",
            "slot.max.retries", "300");

    /** Ours, not Debezium's: workers with another version of us can be told by it. */
    @Override
    public String version() {
        return Version.current();
    }

    @Override
    public Class<? extends Task> taskClass() {
        return CaptureTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return super.taskConfigs(maxTasks).stream()
                .map(CaptureConnector::complete)
                .toList();
    }

    static Map<String, String> complete(Map<String, String> given) {
        Map<String, String> complete = new HashMap<>(DEFAULTS);
        complete.putAll(given);
        complete.putAll(FIXED);
        return complete;
    }
}
