package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.Marker;
import io.changeover.postgres.local.LocalPostgres;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/**
 * Why the capture has offsets of its own: Debezium itself loses changes when it is stopped after the wrong record and
 * reads on from that record's offset, although the slot still has them: the delete half of a key update, the first row
 * of a COPY, the BEGIN of a transaction that others were interleaved with. If one of these tests fails with a newer
 * Debezium, that is good news.
 */
class PlainDebeziumResumeTest {

    private static final String TABLES = "create table public.t (id int primary key, note text)";

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
    void changesAreLostAfterARecordOfAKeyUpdate() throws Exception {
        CapturedDatabase database = CapturedDatabase.create(server, "key_update", TABLES);
        database.execute("insert into public.t values (1, 'a'), (2, 'b')");
        database.execute("update public.t set id = id + 10");

        assertSomethingIsLost(database);
    }

    @Tag("faults")
    @Test
    void changesAreLostAfterARecordOfACopy() throws Exception {
        CapturedDatabase database = CapturedDatabase.create(server, "copy", TABLES);
        try (Connection connection = database.open()) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy public.t from stdin", new StringReader("1\ta\n2\tb\n3\tc\n"));
        }

        assertSomethingIsLost(database);
    }

    @Tag("faults")
    @Test
    void changesAreLostAfterARecordOfInterleavedTransactions() throws Exception {
        CapturedDatabase database = CapturedDatabase.create(server, "interleaved", TABLES);
        try (Connection one = database.open();
                Connection other = database.open();
                Statement first = one.createStatement();
                Statement second = other.createStatement()) {
            first.execute("begin");
            second.execute("begin");
            first.execute("insert into public.t values (1, 'first')");
            second.execute("insert into public.t values (2, 'second')");
            first.execute("insert into public.t values (3, 'first')");
            second.execute("insert into public.t values (4, 'second')");
            second.execute("commit");
            first.execute("insert into public.t values (5, 'first')");
            first.execute("commit");
        }

        assertSomethingIsLost(database);
    }

    private static void assertSomethingIsLost(CapturedDatabase database) throws Exception {
        database.execute("select pg_logical_emit_message(true, '%s', '%s')"
                .formatted(Marker.PREFIX, new Marker("end").content()));
        List<SourceRecord> reference = read(database, database.beginning());
        Set<String> lost = new LinkedHashSet<>();
        for (int i = 0; i < reference.size() - 1; i++) {
            Set<String> expected = changes(reference.subList(i + 1, reference.size()));
            expected.removeAll(changes(read(database, reference.get(i).sourceOffset())));
            for (String change : expected) {
                lost.add("after record " + i + ": " + change);
            }
        }
        database.close();
        assertThat(lost).as("changes that did not come again").isNotEmpty();
    }

    private static List<SourceRecord> read(CapturedDatabase database, Map<String, ?> offset) throws Exception {
        String slot = database.copySlot(Optional.empty());
        Map<String, String> settings = database.connector(PostgresConnector.class, slot);
        settings.put("plugin.name", "pgoutput");
        settings.put("snapshot.mode", "no_data");
        settings.put("publication.autocreate.mode", "disabled");
        settings.put("skipped.operations", "none");
        settings.put("provide.transaction.metadata", "true");
        settings.put("tombstones.on.delete", "false");
        settings.put("message.prefix.include.list", Marker.PREFIX);
        try {
            return TaskRun.collect(new PostgresConnectorTask(), settings, offset, PlainDebeziumResumeTest::isMarker);
        } finally {
            database.drop(slot);
        }
    }

    private static boolean isMarker(SourceRecord record) {
        return record.value() instanceof Struct value
                && value.schema().field("message") != null
                && StandardCharsets.UTF_8
                        .decode(ByteBuffer.wrap(value.getStruct("message").getBytes("content")))
                        .toString()
                        .equals(new Marker("end").content());
    }

    /** Row changes by what they do and to which row, which is unique in these workloads. */
    private static Set<String> changes(List<SourceRecord> records) {
        return records.stream()
                .map(SourceRecord::value)
                .map(Struct.class::cast)
                .filter(value -> value.schema().field("after") != null)
                .map(value -> value.getString("op") + " " + value.getStruct("before") + " " + value.getStruct("after"))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
