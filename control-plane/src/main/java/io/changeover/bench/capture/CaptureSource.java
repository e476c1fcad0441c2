package io.changeover.bench.capture;

import io.changeover.bench.Condition;
import io.changeover.bench.workload.Workload;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.local.LocalPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLState;

/**
 * A server with one workload's database and nothing else. The WAL is written once; a slot that nobody reads keeps it,
 * and every measurement reads a copy of that slot, so that all read the same.
 */
public final class CaptureSource implements AutoCloseable {

    /** Of the workload's tables. */
    public static final String PUBLICATION = "bench";

    private static final int MAJOR = 17;
    private static final String ROLE = "bench";
    private static final String PASSWORD = "bench";
    private static final Duration RELEASE = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final LocalPostgres server;
    private final Workload workload;

    private CaptureSource(LocalPostgres server, Workload workload) {
        this.server = server;
        this.workload = workload;
    }

    /** Starts the server and makes the workload's tables, and a publication of them. Its files are temporary. */
    public static CaptureSource start(Workload workload) throws SQLException {
        CaptureSource source = new CaptureSource(
                LocalPostgres.builder(MAJOR)
                        .fsync(false)
                        .setting("wal_level", "logical")
                        .setting("synchronous_commit", "off")
                        .setting("shared_buffers", "512MB")
                        // nothing else is to run on the cores, and no WAL to be about anything else
                        .setting("autovacuum", "off")
                        .setting("checkpoint_timeout", "1h")
                        .setting("max_wal_size", "64GB")
                        .start(),
                workload);
        try {
            source.prepare();
            return source;
        } catch (SQLException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private void prepare() throws SQLException {
        ServerSettings administrator = server.settings("postgres");
        execute(administrator, "create role " + ROLE + " login replication password '" + PASSWORD + "'");
        execute(administrator, "create database " + ROLE + " owner " + ROLE);
        workload.create(settings());
        execute(
                settings(),
                "create publication " + PUBLICATION + " for table "
                        + workload.tables().stream().map(TableName::quoted).collect(Collectors.joining(", ")));
        execute(administrator, "checkpoint");
    }

    /** The slot that the copies are made of; the connector that makes it has the same name. */
    public String beginning() {
        return workload.name() + "_beginning";
    }

    /** How the capture connects. */
    public ServerSettings settings() {
        return server.settings(ROLE, ROLE, PASSWORD);
    }

    /** Writes the WAL, and what it has made dirty, so that the server has nothing left to do. */
    public Workload.Written write(long changes) throws SQLException, IOException, InterruptedException {
        Workload.Written written = workload.write(settings(), changes);
        execute(server.settings("postgres"), "checkpoint");
        return written;
    }

    /** The server's own word for its version. */
    public String version() throws SQLException {
        return ask("select current_setting('server_version')");
    }

    /** Where the WAL ends. */
    public String end() throws SQLException {
        return ask("select pg_current_wal_lsn()::text");
    }

    /** Makes a slot that begins where the beginning does. */
    public void copyBeginning(String slot) throws SQLException {
        ask("select slot_name from pg_copy_logical_replication_slot(?, ?)", beginning(), slot);
    }

    /** Drops a slot as soon as the server has noticed that its reader is gone. */
    public void drop(String slot) throws Exception {
        Condition.await("the slot " + slot + " can be dropped", RELEASE, LOOK_EVERY, () -> {
            try {
                ask("select pg_drop_replication_slot(?)::text", slot);
                return true;
            } catch (SQLException e) {
                if (PSQLState.OBJECT_IN_USE.getState().equals(e.getSQLState())) {
                    return false;
                }
                throw e;
            }
        });
    }

    /** Whether the server has handed all WAL up to a position to the slot's reader. */
    boolean hasSent(String slot, String upTo) throws SQLException {
        String sql = """
                select coalesce(bool_or(r.sent_lsn >= ?::pg_lsn), false)::text from pg_stat_replication r
                join pg_replication_slots s on s.active_pid = r.pid where s.slot_name = ?""";
        // only an administrator may see where a sender is
        return Boolean.parseBoolean(ask(server.settings(ROLE), sql, upTo, slot));
    }

    private String ask(String sql, String... values) throws SQLException {
        return ask(settings(), sql, values);
    }

    private static String ask(ServerSettings where, String sql, String... values) throws SQLException {
        try (Connection connection = Connections.open(where, "changeover-bench");
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return String.valueOf(rows.getString(1));
            }
        }
    }

    private static void execute(ServerSettings where, String sql) throws SQLException {
        try (Connection connection = Connections.open(where, "changeover-bench");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
