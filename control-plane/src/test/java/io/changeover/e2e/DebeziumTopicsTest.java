package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.changeover.connect.ConnectClient;
import io.changeover.connect.ConnectorStatus;
import io.changeover.postgres.ServerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stock PostgreSQL connector of Debezium, its JSON with schemas, and our sink: the target becomes the source. */
@Timeout(180)
@ExtendWith(StackExtension.class)
class DebeziumTopicsTest {

    private static final Path TEMPLATE = Path.of("..", "config", "connectors", "sink-debezium.json");

    private static final String[] STRUCTURE = {
        "create type public.mood as enum ('sad', 'it''s, ok')",
        """
        create table public.kinds (id int primary key, i2 smallint, i8 bigint, f4 real, f8 double precision,
            fixed numeric(20, 5), free numeric, cash money, yes boolean, words text default 'given', short varchar(20),
            padded char(5), raw bytea, doc json, docb jsonb, tree xml, name uuid, day date, clock time,
            moment timestamp, instant timestamptz, span interval, host inet, net cidr, mac macaddr, numbers int4range,
            lexemes tsvector, feeling public.mood, ints int[], strings text[], uuids uuid[], bits bit(11), bit1 bit(1),
            place point)""",
        "create table public.big (id int primary key, name text not null, body text not null)",
        "alter table public.big alter body set storage external",
        "create table public.\"Odd Name\" (\"a b\" int, \"C\" text, primary key (\"a b\", \"C\"))",
    };

    private static final String KINDS = "select k::text from public.kinds k order by id";

    private static final String[] ROWS = {
        """
        insert into public.kinds values
            (1, -32768, 9223372036854775807, 1.1, -1e-300, 123456789012345.12345, 1e-20, '-12.34', true,
             E'tab\\t, back\\\\slash, "quote", {brace}, \u00e4\u20ac\ud83d\ude00', '', 'ab', '\\x00ff10', '{"a" : 1,  "a":2}', '{"b": null}',
             '<a>&lt;</a>', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '2024-02-29', '23:59:59.123456',
             '1999-12-31 23:59:59.999999', '2038-01-19 03:14:07.000001+05:30', '1 year -2 mons 3 days -04:05:06.7',
             '10.1.2.3/24', '10.1.0.0/16', '08:00:2b:01:02:03', '[1,5)', 'fat:2 & cat:3', 'it''s, ok', '{1,NULL,3}',
             '{"a,b",NULL,"c\\"d","NULL",""}', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', '00000000011', '1', '(1.5,-2)'),
            (2, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
             null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null)""",
        "insert into public.big select n, 'row ' || n, repeat(md5(n::text), 400) from generate_series(1, 300) n",
        "insert into public.\"Odd Name\" values (1, 'x'), (2, 'y')",
    };

    private static final String[] CHANGES = {
        "update public.kinds set words = null, free = -3.25, span = '-00:00:00.000001' where id = 1",
        "insert into public.kinds (id, f8, instant) values (3, 1e-300, '0099-01-01 00:00:00+00')",
        "update public.big set name = name || '!' where id % 3 = 0",
        "delete from public.big where id % 7 = 0",
        "update public.big set id = id + 1000 where id in (10, 20, 30)",
        "insert into public.big select n, 'new', 'short' from generate_series(301, 400) n",
        "update public.\"Odd Name\" set \"C\" = 'z' where \"a b\" = 2",
        "begin; insert into public.big values (9000, 'a', 'b'); delete from public.big where id = 9000; commit",
    };

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void snapshotAndChangesArriveAsTheyAre(boolean flattened, SharedStack stack, Databases databases) throws Exception {
        databases.onSource(STRUCTURE);
        databases.onTarget(STRUCTURE);
        databases.onSource(ROWS);
        databases.onSource("create publication stock for table public.kinds, public.big, public.\"Odd Name\"");
        ConnectClient connect = new ConnectClient(stack.connectUri().toString());
        String source = databases.name() + ".stock";
        String sink = databases.name() + ".rows";
        connect.put(source, source(databases, flattened));
        connect.put(sink, sink(databases));
        try {
            awaitEqual(databases, connect, source, sink);
            databases.onSource(CHANGES);
            awaitEqual(databases, connect, source, sink);
            assertThat(databases.askTarget("select sum(deletes) > 0, sum(updates) > 0 from changeover.counters"))
                    .containsExactly("t|t");
        } finally {
            connect.delete(sink);
            connect.delete(source);
        }
    }

    private static void awaitEqual(Databases databases, ConnectClient connect, String source, String sink) {
        await("the target to be as the source")
                .atMost(Duration.ofSeconds(80))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    requireRunning(connect, source);
                    requireRunning(connect, sink);
                    assertThat(databases.askTarget(KINDS)).isEqualTo(databases.askSource(KINDS));
                    assertThat(Content.rows(databases.target(Servers.MIGRATOR)))
                            .isEqualTo(Content.rows(databases.source(Servers.MIGRATOR)));
                });
    }

    /** A task that has failed does not get better by waiting. */
    private static void requireRunning(ConnectClient connect, String connector) {
        connect.status(connector).filter(ConnectorStatus::failed).ifPresent(status -> {
            throw new IllegalStateException(connector + ": " + status.tasks());
        });
    }

    private static Map<String, String> source(Databases databases, boolean flattened) {
        ServerSettings server = databases.source(Servers.MIGRATOR);
        Map<String, String> config = new HashMap<>(Map.of(
                "connector.class", "io.debezium.connector.postgresql.PostgresConnector",
                "database.hostname", server.host(),
                "database.port", String.valueOf(server.port()),
                "database.dbname", server.database(),
                "database.user", server.user(),
                "database.password", server.password(),
                "topic.prefix", databases.name(),
                "plugin.name", "pgoutput"));
        config.putAll(Map.of(
                "slot.name", databases.name() + "_stock",
                "slot.drop.on.stop", "true",
                "publication.name", "stock",
                "publication.autocreate.mode", "disabled",
                "interval.handling.mode", "string",
                "provide.transaction.metadata", "true",
                "poll.interval.ms", "50",
                "key.converter", "org.apache.kafka.connect.json.JsonConverter",
                "value.converter", "org.apache.kafka.connect.json.JsonConverter"));
        config.putAll(Map.of(
                "topic.creation.default.partitions", "1",
                "topic.creation.default.replication.factor", "1",
                "value.converter.replace.null.with.default", "false",
                "key.converter.replace.null.with.default", "false"));
        if (flattened) {
            config.putAll(Map.of(
                    "time.precision.mode", "isostring",
                    "decimal.handling.mode", "string",
                    "transforms", "unwrap",
                    "transforms.unwrap.type", "io.debezium.transforms.ExtractNewRecordState",
                    "transforms.unwrap.replace.null.with.default", "false",
                    "transforms.unwrap.delete.tombstone.handling.mode", "rewrite",
                    "transforms.unwrap.add.fields", "op,source.schema,source.table"));
        }
        return config;
    }

    private static Map<String, String> sink(Databases databases) throws Exception {
        ServerSettings server = databases.target(Servers.MIGRATOR);
        String template = Files.readString(TEMPLATE)
                .replace("{{topic.prefix}}", databases.name())
                .replace("{{target.host}}", server.host())
                .replace("{{target.port}}", String.valueOf(server.port()))
                .replace("{{target.database}}", server.database())
                .replace("{{target.user}}", server.user())
                .replace("{{target.password}}", server.password())
                .replace("{{target.sslMode}}", server.sslMode());
        JsonNode config = new ObjectMapper().readTree(template).path("config");
        return new ObjectMapper().convertValue(config, new TypeReference<>() {});
    }
}
