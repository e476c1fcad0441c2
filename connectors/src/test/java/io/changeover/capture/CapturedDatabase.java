package io.changeover.capture;

import static org.awaitility.Awaitility.await;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.connector.Connector;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.util.PSQLState;

/**
 * A database of its own with a slot that nobody reads: it remembers where the stream began, and every attempt reads a
 * copy of it. The role is no superuser.
 */
final class CapturedDatabase {

    private static final String ROLE = "capture";
    private static final String PUBLICATION = "changeover_resume";

    private final ServerSettings source;
    private final Map<String, Object> beginning;
    private int copies;

    private CapturedDatabase(ServerSettings source, Map<String, Object> beginning) {
        this.source = source;
        this.beginning = beginning;
    }

    /** A server for such databases. */
    static LocalPostgres startServer() throws SQLException {
        LocalPostgres server = LocalPostgres.builder(17)
                .setting("wal_level", "logical")
                .setting("max_prepared_transactions", "10")
                .setting("max_replication_slots", "50")
                .fsync(false)
                .start();
        execute(server.settings("postgres"), "create role " + ROLE + " login replication password 'secret'");
        return server;
    }

    /**
     * Creates the database.
     *
     * @param tables the statements that create its tables; all of them are published
     */
    static CapturedDatabase create(LocalPostgres server, String name, String tables) throws SQLException {
        execute(server.settings("postgres"), "create database " + name + " owner " + ROLE);
        ServerSettings source = server.settings(name, ROLE, "secret");
        execute(source, tables);
        execute(source, """
                do $$ begin execute 'create publication %s for table ' || (
                select string_agg(c.oid::regclass::text, ', ') from pg_class c
                where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace); end $$""".formatted(PUBLICATION));
        CaptureSettings settings = new CaptureSettings(name, name, PUBLICATION, source, new Packer.Limits(1, 1, 1));
        return new CapturedDatabase(source, StartingPoint.find(settings, null).offset());
    }

    String name() {
        return source.database();
    }

    /** The offset of a connector that has just made its slot. */
    Map<String, Object> beginning() {
        return beginning;
    }

    Connection open() throws SQLException {
        return Connections.open(source, "resume-test");
    }

    void execute(String sql) throws SQLException {
        execute(source, sql);
    }

    /** A copy of the slot as it was at the beginning, or advanced; {@link #drop} it. */
    String copySlot(Optional<LogSequenceNumber> advanced) throws SQLException {
        String copy = source.database() + "_" + ++copies;
        execute("select pg_copy_logical_replication_slot('%s', '%s')".formatted(source.database(), copy));
        if (advanced.isPresent()) {
            execute("select pg_replication_slot_advance('%s', '%s')"
                    .formatted(copy, advanced.get().asString()));
        }
        return copy;
    }

    /** Drops a slot as soon as the server has noticed that its reader is gone. */
    void drop(String slot) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    try {
                        execute("select pg_drop_replication_slot('" + slot + "')");
                        return true;
                    } catch (SQLException e) {
                        if (PSQLState.OBJECT_IN_USE.getState().equals(e.getSQLState())) {
                            return false;
                        }
                        throw e;
                    }
                });
    }

    /** Drops the slot that the copies are made of. */
    void close() {
        drop(source.database());
    }

    /** What a connector on a slot of this database is given. */
    Map<String, String> connector(Class<? extends Connector> connector, String slot) {
        return new HashMap<>(Map.ofEntries(
                Map.entry("name", slot),
                Map.entry("connector.class", connector.getName()),
                Map.entry("task.id", "0"),
                Map.entry("topic.prefix", source.database()),
                Map.entry("slot.name", slot),
                Map.entry("publication.name", PUBLICATION),
                Map.entry("database.hostname", source.host()),
                Map.entry("database.port", String.valueOf(source.port())),
                Map.entry("database.dbname", source.database()),
                Map.entry("database.user", source.user()),
                Map.entry("database.password", source.password()),
                Map.entry("database.sslmode", source.sslMode())));
    }

    /**
     * What PostgreSQL itself has to send up to a position, without any connector: the number of messages by their kind
     * (B, C, I, U, D).
     */
    Map<String, Long> sent(LogSequenceNumber upTo) throws SQLException {
        String sql = """
                select chr(get_byte(data, 0)), count(*) from pg_logical_slot_peek_binary_changes('%s', '%s', null,
                'proto_version', '1', 'publication_names', '%s', 'messages', 'true')
                where chr(get_byte(data, 0)) in ('B', 'C', 'I', 'U', 'D') group by 1""".formatted(source.database(), upTo.asString(), PUBLICATION);
        Map<String, Long> counts = new HashMap<>();
        try (Connection connection = open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getLong(2));
            }
        }
        return counts;
    }

    private static void execute(ServerSettings where, String sql) throws SQLException {
        try (Connection connection = Connections.open(where, "resume-test");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
