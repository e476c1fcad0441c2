package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Marker;
import io.changeover.postgres.local.LocalPostgres;
import io.changeover.wire.RecordJson;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What does not fit into a record: a row of long values, the definition of a table of as many columns as there can be.
 */
class RecordSizeTest {

    private static final int COLUMNS = 1600;
    private static final int TINY = 20_000;
    private static final int LONG = 9_000;
    private static final int KAFKAS_DEFAULT = 1_048_576;
    private static final Marker LAST = new Marker("last");

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
    void stopsForGoodWithItsKeyAndGoesOnWhenTheLimitIsRaised() throws Exception {
        CapturedDatabase database = CapturedDatabase.create(
                server,
                "wide",
                "create table public.small (id int primary key);"
                        + " create table public.wide (id int primary key, one text, two text, three text)");
        database.execute("insert into public.small values (1)");
        database.execute("insert into public.wide select 42, x, x, x from repeat('x', " + LONG + ") as x");
        database.execute("insert into public.small values (2)");
        database.execute("select pg_logical_emit_message(true, '%s', '%s')".formatted(Marker.PREFIX, LAST.content()));

        List<SourceRecord> before = new ArrayList<>();
        Throwable failure = catchThrowable(() -> run(database, TINY, database.beginning(), before));

        assertThat(failure)
                .isInstanceOf(ConnectException.class)
                .isNotInstanceOf(RetriableException.class)
                .hasStackTraceContaining("CO-2013: a new row of table public.wide with id = 42 makes a record of ")
                .hasStackTraceContaining(" bytes, and producer and topic take " + TINY);
        // what was read before the failure may have come out before it, or comes again
        assertThat(keys(before)).isSubsetOf("small 1");
        assertThat(before).allMatch(record -> size(record) < TINY);

        List<SourceRecord> after = new ArrayList<>();
        Map<String, ?> stored = before.isEmpty()
                ? database.beginning()
                : before.get(before.size() - 1).sourceOffset();
        run(database, KAFKAS_DEFAULT, stored, after);

        assertThat(keys(after)).endsWith("wide 42", "small 2").isSubsetOf("small 1", "wide 42", "small 2");
        assertThat(Stream.concat(keys(before).stream(), keys(after).stream())).contains("small 1");
        assertThat(after).anyMatch(record -> size(record) > TINY).allMatch(record -> size(record) < KAFKAS_DEFAULT);
        database.close();
    }

    @Test
    void definitionThatDoesNotFitIsNamed() throws Exception {
        String columns = IntStream.range(1, COLUMNS)
                .mapToObj(i -> "column_" + i + " int")
                .collect(Collectors.joining(", "));
        CapturedDatabase database = CapturedDatabase.create(
                server, "many_columns", "create table public.wide (id int primary key, " + columns + ")");
        database.execute("insert into public.wide (id) values (42)");

        Throwable failure = catchThrowable(() -> run(database, TINY, database.beginning(), new ArrayList<>()));

        assertThat(failure)
                .isInstanceOf(ConnectException.class)
                .hasStackTraceContaining("CO-2013: the definition of table public.wide makes a record of ");
        database.close();
    }

    /** Runs a new task on a slot as it was at the beginning, up to the marker. */
    private static void run(
            CapturedDatabase database, int largestRequest, Map<String, ?> stored, List<SourceRecord> into)
            throws Exception {
        String slot = database.copySlot(Optional.empty());
        Map<String, String> settings = database.connector(CaptureConnector.class, slot);
        settings.put("producer.override.max.request.size", String.valueOf(largestRequest));
        try {
            TaskRun.collect(new CaptureTask(), CaptureConnector.complete(settings), stored, record -> {
                into.add(record);
                return events(List.of(record))
                        .anyMatch(event -> event instanceof ChangeEvent.Message message
                                && Marker.of(message).equals(Optional.of(LAST)));
            });
        } finally {
            database.drop(slot);
        }
    }

    private static Stream<ChangeEvent> events(List<SourceRecord> records) {
        return records.stream().flatMap(record -> CapturedTransaction.events(record).stream());
    }

    /** Table and key of each new row. */
    private static List<String> keys(List<SourceRecord> records) {
        return events(records)
                .filter(ChangeEvent.Insert.class::isInstance)
                .map(ChangeEvent.Insert.class::cast)
                .map(insert -> insert.table().name() + " " + insert.after().value(0))
                .toList();
    }

    private static int size(SourceRecord record) {
        return RecordJson.write(CapturedTransaction.events(record)).length;
    }
}
