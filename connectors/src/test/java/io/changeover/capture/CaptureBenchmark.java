package io.changeover.capture;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Marker;
import io.changeover.postgres.local.LocalPostgres;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/**
 * Prints how fast the same WAL is drained by Debezium's own task, which parses every value, and by ours, which hands
 * the text through: changes per second, and CPU time of this JVM per change. Neither Kafka nor a converter is there.
 * Not a test: run its main class by hand, after {@code mvn test-compile}:
 *
 * <pre>{@code
 * mvn -pl connectors dependency:build-classpath -Dmdep.outputFile=cp
 * java -cp connectors/target/test-classes:connectors/target/classes:$(cat cp) io.changeover.capture.CaptureBenchmark
 * }</pre>
 *
 * <p>The JVM needs a few rounds to get warm; the first are not to be quoted.
 */
public final class CaptureBenchmark {

    private static final int TRANSACTIONS = 100_000;
    private static final int ROUNDS = 4;
    private static final Marker LAST = new Marker("last");

    private static final String TABLES = """
            create table public.accounts (aid int primary key, bid int, abalance int, filler char(84));
            create table public.history (hid bigserial primary key, aid int, delta int, mtime timestamptz)""";

    /** Three changes a transaction, one after the other, as pgbench -N and a little more. */
    private static final String WORK = """
            do $$ begin for i in 1..%d loop
            update public.accounts set abalance = abalance + i where aid = 1 + i %% 1000;
            insert into public.history (aid, delta, mtime) values (i, i, now());
            update public.accounts set abalance = abalance - i where aid = 1 + (i + 500) %% 1000;
            commit; end loop; end $$""".formatted(TRANSACTIONS);

    private CaptureBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        try (LocalPostgres server = CapturedDatabase.startServer()) {
            CapturedDatabase database = CapturedDatabase.create(server, "bench", TABLES);
            database.execute("insert into public.accounts select i, 1, 0, '' from generate_series(1, 1000) i");
            database.execute(WORK);
            database.execute("select pg_logical_emit_message(true, '" + Marker.PREFIX + "', '" + LAST.content() + "')");
            for (int round = 1; round <= ROUNDS; round++) {
                parsed(database, round);
                raw(database, round);
            }
        }
        System.exit(0);
    }

    private static void parsed(CapturedDatabase database, int round) throws Exception {
        String slot = database.copySlot(Optional.empty());
        Map<String, String> settings = database.connector(PostgresConnector.class, slot);
        settings.putAll(Map.of(
                "plugin.name", "pgoutput",
                "snapshot.mode", "no_data",
                "publication.autocreate.mode", "disabled",
                "skipped.operations", "none",
                "tombstones.on.delete", "false",
                "provide.transaction.metadata", "true",
                "max.batch.size", "8192",
                "max.queue.size", "32768",
                "poll.interval.ms", "5",
                "message.prefix.include.list", Marker.PREFIX));
        long[] changes = {0};
        measure("parsed", round, new PostgresConnectorTask(), settings, database, changes, record -> {
            Struct value = (Struct) record.value();
            changes[0] += value.schema().field("after") != null ? 1 : 0;
            return value.schema().field("message") != null;
        });
        database.drop(slot);
    }

    private static void raw(CapturedDatabase database, int round) throws Exception {
        String slot = database.copySlot(Optional.empty());
        Map<String, String> settings = CaptureConnector.complete(database.connector(CaptureConnector.class, slot));
        long[] changes = {0};
        measure("raw", round, new CaptureTask(), settings, database, changes, record -> {
            boolean last = false;
            for (ChangeEvent event : CapturedTransaction.events(record)) {
                changes[0] += event instanceof ChangeEvent.Insert || event instanceof ChangeEvent.Update ? 1 : 0;
                last |= event instanceof ChangeEvent.Message message
                        && Marker.of(message).equals(Optional.of(LAST));
            }
            return last;
        });
        database.drop(slot);
    }

    /** With the start of the task: before the first record comes, a queue of them is already there. */
    private static void measure(
            String what,
            int round,
            SourceTask task,
            Map<String, String> settings,
            CapturedDatabase database,
            long[] changes,
            Predicate<SourceRecord> last)
            throws Exception {
        long begin = System.nanoTime();
        long cpu = cpuNanos();
        TaskRun.start(task, settings, database.beginning());
        long first = 0;
        for (boolean done = false; !done; ) {
            List<SourceRecord> polled = task.poll();
            for (SourceRecord record : polled == null ? List.<SourceRecord>of() : polled) {
                first = first == 0 ? System.nanoTime() : first;
                done |= last.test(record);
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "%-6s round %d: %,d changes in %.2f s, the first after %.2f s; %,.0f changes/s, %.1f us CPU per change%n",
                what,
                round,
                changes[0],
                seconds,
                (first - begin) / 1e9,
                changes[0] / seconds,
                (cpuNanos() - cpu) / 1e3 / changes[0]);
        task.stop();
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
