package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Marker;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tables at which Debezium stops, or which it leaves out, are no trouble in the stream. */
class OddTablesTest {

    private static final int MAJOR = 17;

    private static LocalPostgres server;

    @BeforeAll
    static void start() throws Exception {
        server = ValueDatabase.startServer(MAJOR);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void anyNameArrives() throws Exception {
        ValueDatabase database = ValueDatabase.create(server, MAJOR, "names", "UTF8");
        List<String> columns = List.of(
                "a",
                "A",
                "select",
                "a.b",
                "per%cent",
                "back\\slash",
                ";",
                "$1",
                "?",
                "'",
                "--c",
                "q\"",
                "line\nbreak",
                "ä".repeat(31),
                " ");
        List<TableName> tables = Stream.of("t\"", "\"t", "new\nline", "MiXeD Case.With\"Quote", "ü".repeat(31))
                .map(name -> new TableName("public", name))
                .toList();
        for (TableName table : tables) {
            database.execute("create table " + table.quoted() + " ("
                    + columns.stream()
                            .map(name -> Identifier.quote(name) + " text")
                            .collect(Collectors.joining(", "))
                    + ", primary key (\"a\", \"A\"))");
        }
        database.publish(tables.stream());
        Map<String, Object> beginning = database.beginning();
        String values = columns.stream()
                .map(name -> "'" + name.replace("'", "''") + "'")
                .collect(Collectors.joining(", "));
        for (TableName table : tables) {
            database.execute("insert into " + table.quoted() + " values (" + values + ")");
        }

        Map<String, String> row = columns.stream().collect(Collectors.toMap(name -> name, name -> name));
        assertThat(changes(database, beginning))
                .hasSize(tables.size())
                .allSatisfy(change -> assertThat(
                                ((ChangeEvent.Insert) change).after().toMap())
                        .isEqualTo(row))
                .extracting(change -> ((ChangeEvent.Insert) change).table())
                .containsExactlyElementsOf(tables);
    }

    @Test
    void tableWithoutColumnsArrives() throws Exception {
        ValueDatabase database = ValueDatabase.create(server, MAJOR, "no_columns", "UTF8");
        TableName table = new TableName("public", "t");
        database.execute("create table public.t ()");
        database.publish(Stream.of(table));
        Map<String, Object> beginning = database.beginning();
        database.execute("insert into public.t default values");

        assertThat(changes(database, beginning))
                .containsExactly(new ChangeEvent.Insert(table, io.changeover.contract.Tuple.EMPTY));
    }

    /** The new row has no key then: the server sends the old one, where it is asked to or not. */
    @Test
    void keyThatIsStoredOutOfLineArrives() throws Exception {
        ValueDatabase database = ValueDatabase.create(server, MAJOR, "long_key", "UTF8");
        database.execute(
                "create table public.t (k text primary key, n int)",
                "alter table public.t alter k set storage external");
        database.publish(Stream.of(new TableName("public", "t")));
        Map<String, Object> beginning = database.beginning();
        database.execute(
                "insert into public.t select string_agg(md5(i::text), ''), 0 from generate_series(1, 75) i",
                "update public.t set n = 1");
        String key;
        try (Connection connection = database.open()) {
            key = CopyText.read(connection, "select k from public.t").get(0).get("k");
        }

        ChangeEvent.Update update =
                (ChangeEvent.Update) changes(database, beginning).get(1);
        assertThat(update.before().toMap()).isEqualTo(Map.of("k", key));
        assertThat(update.after().toMap()).isEqualTo(Map.of("n", "1"));
    }

    private static List<ChangeEvent> changes(ValueDatabase database, Map<String, Object> beginning) throws Exception {
        database.mark();
        return TaskRun.collect(
                        new CaptureTask(),
                        CaptureConnector.complete(database.connector(CaptureConnector.class)),
                        beginning,
                        record -> CapturedTransaction.events(record).stream()
                                .anyMatch(event -> event instanceof ChangeEvent.Message message
                                        && Marker.of(message).equals(Optional.of(ValueDatabase.LAST))))
                .stream()
                .flatMap(record -> CapturedTransaction.events(record).stream())
                .filter(event -> event instanceof ChangeEvent.Insert || event instanceof ChangeEvent.Update)
                .toList();
    }
}
