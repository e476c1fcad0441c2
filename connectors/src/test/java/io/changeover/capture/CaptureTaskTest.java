package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.LongValues;
import io.changeover.contract.Marker;
import io.changeover.postgres.local.LocalPostgres;
import io.changeover.wire.RecordJson;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The capture's task on a real server, as Connect drives it. */
class CaptureTaskTest {

    private static final String TABLE = "create table public.t (id int primary key, note text)";

    private static LocalPostgres server;

    private final CaptureTask task = new CaptureTask();
    private final Map<String, Object> stored = new ConcurrentHashMap<>();
    private boolean started;

    @BeforeAll
    static void startServer() throws SQLException {
        server = CapturedDatabase.startServer();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @AfterEach
    void stop() {
        if (started) {
            task.stop();
        }
    }

    @Test
    void slotFollowsWhatConnectHasAndGoesNoFurther() throws Exception {
        CapturedDatabase database = start("confirm", 1);
        for (int i = 0; i < 5; i++) {
            database.execute("insert into public.t values (" + i + ", 'x')");
        }
        mark(database, "end");
        List<SourceRecord> records = TaskRun.poll(task, record -> isMarker(record, "end"));
        Map<String, Object> half = new HashMap<>();
        records.get(records.size() / 2).sourceOffset().forEach(half::put);
        long last = lsn(half);
        assertThat(last).isGreaterThan(lsn(database.beginning()));

        stored.putAll(half);
        task.commit();

        await().atMost(Duration.ofSeconds(30)).until(() -> {
            task.poll();
            return confirmed(database) >= last;
        });
        assertThat(confirmed(database)).isEqualTo(last);
    }

    @Test
    void connectionThatTheServerEndsIsOpenedAgain() throws Exception {
        CapturedDatabase database = start("terminated", 1000);
        mark(database, "first");
        TaskRun.poll(task, record -> isMarker(record, "first"));

        database.execute("select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '"
                + database.name() + "'");
        database.execute("insert into public.t values (1, 'x')");
        mark(database, "second");

        List<ChangeEvent> events = new ArrayList<>();
        TaskRun.poll(task, record -> {
            events.addAll(CapturedTransaction.events(record));
            return isMarker(record, "second");
        });
        assertThat(events).hasAtLeastOneElementOfType(ChangeEvent.Insert.class);
    }

    @Test
    void wrongPasswordIsNotTriedAgain() throws Exception {
        CapturedDatabase database = CapturedDatabase.create(server, "password", TABLE);
        Map<String, String> settings = database.connector(CaptureConnector.class, database.name());
        settings.put("database.password", "wrong");
        started = true;

        assertThatThrownBy(() -> TaskRun.start(task, CaptureConnector.complete(settings), database.beginning()))
                .isInstanceOf(ConnectException.class)
                .isNotInstanceOf(RetriableException.class)
                .hasMessageContaining("28P01")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void longValueTravelsInPieces() throws Exception {
        CapturedDatabase database = start("pieces", 1000);
        database.execute("insert into public.t values (1, repeat('äöü', 500000)), (2, 'short')");
        mark(database, "end");

        List<ChangeEvent> events = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        TaskRun.poll(task, record -> {
            events.addAll(CapturedTransaction.events(record));
            sizes.add(RecordJson.write(CapturedTransaction.events(record)).length);
            return isMarker(record, "end");
        });

        LongValues whole = new LongValues();
        List<String> notes = events.stream()
                .map(whole::take)
                .filter(ChangeEvent.Insert.class::isInstance)
                .map(event -> ((ChangeEvent.Insert) event).after().toMap().get("note"))
                .toList();
        assertThat(notes).containsExactly("äöü".repeat(500_000), "short");
        assertThat(sizes).allSatisfy(size -> assertThat(size).isLessThan(600_000));
    }

    /** A crash before that leads to another slot, and nobody could say what lies between the two. */
    @Test
    void noTransactionIsSentBeforeTheFirstOffsetIsStored() throws Exception {
        CapturedDatabase database = CapturedDatabase.create(server, "beginning", TABLE);
        started = true;
        TaskRun.start(
                task, CaptureConnector.complete(database.connector(CaptureConnector.class, "first_start")), stored);
        database.execute("insert into public.t values (1, 'x')");

        List<SourceRecord> polled = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            polled.addAll(task.poll());
        }
        assertThat(polled)
                .singleElement()
                .satisfies(record -> assertThat(CapturedTransaction.events(record))
                        .hasOnlyElementsOfType(ChangeEvent.Started.class));
        polled.get(0).sourceOffset().forEach(stored::put);

        List<SourceRecord> records = TaskRun.poll(
                task,
                record -> CapturedTransaction.events(record).stream().anyMatch(ChangeEvent.Insert.class::isInstance));
        ChangeEvent.Started beginning =
                (ChangeEvent.Started) CapturedTransaction.events(polled.get(0)).get(0);
        assertThat(CapturedTransaction.events(records.get(0)).get(0))
                .isInstanceOfSatisfying(
                        ChangeEvent.Begin.class,
                        begin -> assertThat(begin.after()).isEqualTo(beginning.consistentPoint()));
    }

    private CapturedDatabase start(String name, int events) throws SQLException {
        CapturedDatabase database = CapturedDatabase.create(server, name, TABLE);
        Map<String, String> settings = database.connector(CaptureConnector.class, database.name());
        settings.put(CaptureSettings.RECORD_EVENTS, String.valueOf(events));
        // what moves the slot here is the test
        settings.put("heartbeat.interval.ms", "3600000");
        started = true;
        stored.putAll(database.beginning());
        TaskRun.start(task, CaptureConnector.complete(settings), stored);
        return database;
    }

    private static void mark(CapturedDatabase database, String id) throws SQLException {
        database.execute(
                "select pg_logical_emit_message(true, '%s', '%s')".formatted(Marker.PREFIX, new Marker(id).content()));
    }

    private static boolean isMarker(SourceRecord record, String id) {
        return CapturedTransaction.events(record).stream()
                .anyMatch(event -> event instanceof ChangeEvent.Message message
                        && Marker.of(message).equals(Optional.of(new Marker(id))));
    }

    private static long lsn(Map<String, ?> offset) {
        return new StoredPosition(offset).lastCommit().orElseThrow().asLong();
    }

    private static long confirmed(CapturedDatabase database) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select confirmed_flush_lsn - '0/0'::pg_lsn"
                        + " from pg_replication_slots where slot_name = '" + database.name() + "'")) {
            rows.next();
            return rows.getBigDecimal(1).longValueExact();
        }
    }
}
