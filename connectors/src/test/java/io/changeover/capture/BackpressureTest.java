package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Marker;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Kafka takes nothing for longer than the server waits for a sign of life. */
class BackpressureTest {

    private static final int ROWS = 200_000;
    private static final Marker LAST = new Marker("last");
    private static final String SLOT = "from pg_replication_slots where slot_name = 'slow'";

    private static LocalPostgres server;

    @BeforeAll
    static void startServer() throws SQLException {
        server = CapturedDatabase.startServer();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void connectionOutlivesAWaitInTheMiddleOfALargeTransaction() throws Exception {
        CapturedDatabase database =
                CapturedDatabase.create(server, "slow", "create table public.t (id int primary key, note text)");
        database.execute("alter database slow set wal_sender_timeout = '2s'");
        database.execute("alter database slow set logical_decoding_work_mem = '64kB'");
        CaptureTask task = new CaptureTask();
        try {
            TaskRun.start(task, settings(database), database.beginning());
            database.execute("insert into public.t select i, 'row ' || i from generate_series(1, " + ROWS + ") i");
            database.execute(
                    "select pg_logical_emit_message(true, '%s', '%s')".formatted(Marker.PREFIX, LAST.content()));
            List<SourceRecord> records = new ArrayList<>(TaskRun.poll(task, BackpressureTest::hasChanges));
            String reader = ask(database, "select active_pid " + SLOT);
            String begun = ask(database, "select clock_timestamp()");

            await("a reader for longer than the timeout, while nobody polls")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> ask(
                                    database,
                                    "select clock_timestamp() > timestamptz '" + begun + "' + interval '5 s'"
                                            + " from pg_stat_replication where pid = " + reader)
                            .equals("t"));
            assertThat(ask(database, "select wait_event from pg_stat_activity where pid = " + reader))
                    .as("what the server waits for: that somebody reads the rest")
                    .isEqualTo("WalSenderWriteData");

            records.addAll(TaskRun.poll(task, BackpressureTest::isLast));
            assertThat(ask(database, "select active_pid " + SLOT)).isEqualTo(reader);
            assertThat(CapturedTransaction.split(records, LAST))
                    .extracting(transaction -> transaction.count(ChangeEvent.Insert.class))
                    .containsOnlyOnce((long) ROWS)
                    .allMatch(inserts -> inserts == 0 || inserts == ROWS);
            await("the server's own word that it spilled")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> ask(
                                    database,
                                    "select spill_txns > 0 from pg_stat_replication_slots where slot_name = 'slow'")
                            .equals("t"));
        } finally {
            task.stop();
            database.close();
        }
    }

    private static Map<String, String> settings(CapturedDatabase database) {
        Map<String, String> settings = database.connector(CaptureConnector.class, database.name());
        settings.put("max.batch.size", "1");
        settings.put("max.queue.size", "2");
        settings.put(CaptureSettings.RECORD_EVENTS, "500");
        settings.put("heartbeat.interval.ms", "3600000");
        return CaptureConnector.complete(settings);
    }

    private static boolean hasChanges(SourceRecord record) {
        return CapturedTransaction.events(record).stream().anyMatch(ChangeEvent.Insert.class::isInstance);
    }

    private static boolean isLast(SourceRecord record) {
        return CapturedTransaction.events(record).stream()
                .anyMatch(event -> event instanceof ChangeEvent.Message message
                        && Marker.of(message).equals(Optional.of(LAST)));
    }

    private static String ask(CapturedDatabase database, String query) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }
}
