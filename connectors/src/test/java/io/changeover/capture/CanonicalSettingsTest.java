package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.capture.wal.PgOutputDecoder;
import io.changeover.contract.ChangeEvent;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Why the sessions have settings of their own: the server writes values as the session that reads the stream wants
 * them. Every setting that is left to the database is noticed by some type of the matrix. (This leaves out
 * {@code lc_monetary}, because a machine need not have a locale whose money looks different, and {@code xmloption},
 * which is about input.)
 */
class CanonicalSettingsTest {

    private static final Map<String, String> CANONICAL = Map.of(
            "datestyle", "ISO, YMD",
            "intervalstyle", "postgres",
            "bytea_output", "hex",
            "extra_float_digits", "3",
            "timezone", "UTC",
            "search_path", "pg_catalog",
            "quote_all_identifiers", "off",
            "xmloption", "content",
            "lc_monetary", "C");

    private static ValueDatabase database;
    private static Map<String, String> expected;

    @BeforeAll
    static void write() throws Exception {
        database = ValueDatabase.start(17);
        database.execute("""
                create table public.t (id int primary key, d date, i interval, b bytea, f float8, tz timestamptz,
                range tstzrange, rc regclass, tx text)""");
        database.publish(Stream.of(new TableName("public", "t")));
        database.beginning();
        database.execute("""
                insert into public.t values (1, '2026-11-23', '1 year -1 day', '\\x00ff', 0.30000000000000004,
                '2026-11-23 03:18:21+00', '[2026-11-23 03:18:21+00,)', 'public.t', 'text')""");
        try (Connection connection = database.open()) {
            expected = CopyText.read(connection, "select * from public.t").get(0);
        }
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Test
    void everySessionHasThem() throws SQLException {
        try (Connection connection = database.open();
                Connection replication = Connections.openReplication(database.settings(), "values-test")) {
            assertThat(CANONICAL.keySet()).isEqualTo(ValueDatabase.HOSTILE.keySet());
            assertThat(shown(connection)).isEqualTo(CANONICAL);
            assertThat(shown(replication)).isEqualTo(CANONICAL);
        }
    }

    @Test
    void withAllOfThemTheStreamHasTheExpectedText() throws Exception {
        try (Connection connection = database.open()) {
            assertThat(differing(connection, "application_name", "")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "datestyle, d tz range",
        "intervalstyle, i",
        "bytea_output, b",
        "extra_float_digits, f",
        "timezone, tz range",
        "search_path, rc",
        "quote_all_identifiers, rc"
    })
    void oneLeftToTheDatabaseIsNoticed(String setting, String columns) throws Exception {
        try (Connection connection = database.open()) {
            assertThat(differing(connection, setting, ValueDatabase.HOSTILE.get(setting)))
                    .isEqualTo(Set.of(columns.split(" ")));
        }
    }

    @Test
    void theDriversOwnSettingsAreNotEnough() throws Exception {
        ServerSettings server = database.settings();
        String url = "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.database();
        try (Connection connection = DriverManager.getConnection(url, server.user(), server.password())) {
            assertThat(differing(connection, "application_name", "")).contains("i", "b", "rc");
        }
    }

    private static Map<String, String> shown(Connection connection) throws SQLException {
        Map<String, String> settings = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            for (String name : CANONICAL.keySet()) {
                try (ResultSet rows = statement.executeQuery("show " + name)) {
                    rows.next();
                    settings.put(name, rows.getString(1));
                }
            }
        }
        return settings;
    }

    /**
     * The columns that a session gets to read in another text where one setting is changed: within the statement,
     * because the driver gives up a session whose DateStyle it does not know.
     */
    private static Set<String> differing(Connection connection, String setting, String value) throws Exception {
        PgOutputDecoder decoder = new PgOutputDecoder(
                ValueDatabase.PUBLICATION, database.major(), LogSequenceNumber.INVALID_LSN, sent -> Optional.empty());
        List<ChangeEvent> events = new ArrayList<>();
        String sql = """
                select data from (select set_config(?, ?, true) as done offset 0) c, lateral
                pg_logical_slot_peek_binary_changes(case when c.done is null then '' else ? end::name, null, null,
                'proto_version', '1', 'publication_names', ?)""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, setting);
            statement.setString(2, value);
            statement.setString(3, database.slot());
            statement.setString(4, '"' + ValueDatabase.PUBLICATION + '"');
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    decoder.decode(
                            ByteBuffer.wrap(rows.getBytes(1)),
                            LogSequenceNumber.INVALID_LSN,
                            (event, chars) -> events.add(event));
                }
            }
        }
        Map<String, String> captured = events.stream()
                .filter(ChangeEvent.Insert.class::isInstance)
                .map(event -> ((ChangeEvent.Insert) event).after().toMap())
                .findFirst()
                .orElseThrow();
        return expected.keySet().stream()
                .filter(column -> !Objects.equals(expected.get(column), captured.get(column)))
                .collect(Collectors.toSet());
    }
}
