package io.changeover.capture;

import io.changeover.contract.Marker;
import io.changeover.postgres.Connections;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.local.LocalPostgres;
import io.debezium.config.Configuration;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.connector.Connector;

/**
 * A database whose every setting that shapes text is other than we want it: for the database, or for the role of the
 * capture in it. That role is no superuser.
 */
final class ValueDatabase implements AutoCloseable {

    static final Marker LAST = new Marker("last");

    /** Settings that change how values are written, as they are in this database. */
    static final Map<String, String> HOSTILE = Map.of(
            "datestyle", "SQL, DMY",
            "intervalstyle", "sql_standard",
            "bytea_output", "escape",
            "extra_float_digits", "0",
            "timezone", "Asia/Kolkata",
            "search_path", "public, ext",
            "quote_all_identifiers", "on",
            "xmloption", "document",
            "lc_monetary", "POSIX");

    static final String PUBLICATION = "values";

    private static final String ROLE = "capture";

    private final LocalPostgres server;
    private final int major;
    private final String name;

    private ValueDatabase(LocalPostgres server, int major, String name) {
        this.server = server;
        this.major = major;
        this.name = name;
    }

    /** A server with such a database, in UTF-8. */
    static ValueDatabase start(int major) throws SQLException {
        return create(startServer(major), major, "values", "UTF8");
    }

    static LocalPostgres startServer(int major) throws SQLException {
        LocalPostgres server = LocalPostgres.builder(major)
                .setting("wal_level", "logical")
                .fsync(false)
                .start();
        try (Connection connection = Connections.open(server.settings("postgres"), "values-test");
                Statement statement = connection.createStatement()) {
            statement.execute("create role " + ROLE + " login replication password 'secret'");
        }
        return server;
    }

    static ValueDatabase create(LocalPostgres server, int major, String name, String encoding) throws SQLException {
        ValueDatabase database = new ValueDatabase(server, major, name);
        database.asSuperuser(
                "postgres",
                "create database " + Identifier.quote(name) + " owner " + ROLE + " template template0 encoding '"
                        + encoding + "' lc_collate 'C' lc_ctype 'C'");
        // public belongs to another role from PostgreSQL 15 on
        database.asSuperuser(
                name,
                "alter schema public owner to " + ROLE,
                "create schema ext",
                "grant usage on schema ext to public");
        for (Map.Entry<String, String> setting : HOSTILE.entrySet()) {
            database.asSuperuser(
                    "postgres",
                    "alter " + (setting.getKey().length() % 2 == 0 ? "role " + ROLE + " in " : "")
                            + "database " + Identifier.quote(name) + " set " + setting.getKey() + " = "
                            + (setting.getKey().equals("search_path")
                                    ? setting.getValue()
                                    : "'" + setting.getValue() + "'"));
        }
        database.execute(
                "create schema changeover",
                "create table changeover.marker (id int primary key, content text)",
                "create schema kept");
        return database;
    }

    void createExtensions() throws SQLException {
        for (String extension : List.of("hstore", "ltree", "citext", "cube")) {
            asSuperuser(name, "create extension " + extension + " schema ext");
        }
    }

    void publish(Stream<TableName> tables) throws SQLException {
        execute("create publication " + Identifier.quote(PUBLICATION) + " for table "
                + Stream.concat(tables, Stream.of(Marker.TABLE))
                        .map(TableName::quoted)
                        .collect(Collectors.joining(", ")));
    }

    /** Makes the slot; the stream begins here. */
    Map<String, Object> beginning() {
        CaptureSettings settings = CaptureSettings.of(Configuration.from(connector(CaptureConnector.class)));
        return StartingPoint.find(settings, null).offset();
    }

    /** Before PostgreSQL 14 the stream has no messages. */
    void mark() throws SQLException {
        execute(
                major >= 14
                        ? "select pg_logical_emit_message(true, '%s', '%s')".formatted(Marker.PREFIX, LAST.content())
                        : "insert into changeover.marker values (1, '" + LAST.content() + "')");
    }

    int major() {
        return major;
    }

    String slot() {
        return name;
    }

    ServerSettings settings() {
        return server.settings(name, ROLE, "secret");
    }

    Connection open() throws SQLException {
        return Connections.open(settings(), "values-test");
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = open()) {
            execute(connection, statements);
        }
    }

    private void asSuperuser(String database, String... statements) throws SQLException {
        try (Connection connection = Connections.open(server.settings(database), "values-test")) {
            execute(connection, statements);
        }
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** What a connector on this database is given. */
    Map<String, String> connector(Class<? extends Connector> connector) {
        ServerSettings source = settings();
        return new HashMap<>(Map.ofEntries(
                Map.entry("name", name),
                Map.entry("connector.class", connector.getName()),
                Map.entry("task.id", "0"),
                Map.entry("topic.prefix", name),
                Map.entry("slot.name", name),
                Map.entry("publication.name", PUBLICATION),
                Map.entry("database.hostname", source.host()),
                Map.entry("database.port", String.valueOf(source.port())),
                Map.entry("database.dbname", source.database()),
                Map.entry("database.user", source.user()),
                Map.entry("database.password", source.password()),
                Map.entry("database.sslmode", source.sslMode())));
    }

    @Override
    public void close() {
        server.close();
    }
}
