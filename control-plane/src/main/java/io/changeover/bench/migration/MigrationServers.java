package io.changeover.bench.migration;

import io.changeover.bench.Parts;
import io.changeover.postgres.Connections;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A source and a target with roles as the clouds have them: one that migrates and is no superuser, and the
 * application's. Their files are temporary.
 */
final class MigrationServers {

    static final String MIGRATOR = "changeover";
    static final String APPLICATION = "application";

    /** One that pg_dump of the distributions reads. */
    private static final int SOURCE_MAJOR = 14;

    private static final int TARGET_MAJOR = 17;
    private static final String PASSWORD = "bench";

    private final LocalPostgres source;
    private final LocalPostgres target;

    private MigrationServers(LocalPostgres source, LocalPostgres target) {
        this.source = source;
        this.target = target;
    }

    /**
     * Starts both.
     *
     * @param parts get both
     * @param durable whether what is committed is on disk, as it is where it matters
     */
    static MigrationServers start(Parts parts, boolean durable) throws SQLException {
        MigrationServers servers = new MigrationServers(
                parts.add(LocalPostgres.builder(SOURCE_MAJOR)
                        .fsync(durable)
                        .setting("wal_level", "logical")
                        .setting("max_wal_size", "16GB")
                        .start()),
                parts.add(LocalPostgres.builder(TARGET_MAJOR)
                        .fsync(durable)
                        .setting("max_wal_size", "16GB")
                        .start()));
        run(
                servers.source.settings("postgres"),
                "create role " + APPLICATION + " login password '" + PASSWORD + "'",
                "create role " + MIGRATOR + " login replication password '" + PASSWORD + "'",
                "grant " + APPLICATION + " to " + MIGRATOR,
                "grant pg_signal_backend, pg_monitor to " + MIGRATOR);
        run(
                servers.target.settings("postgres"),
                "create role " + MIGRATOR + " login password '" + PASSWORD + "'",
                "create role " + APPLICATION + " login password '" + PASSWORD + "'",
                "grant " + MIGRATOR + " to " + APPLICATION,
                "grant set on parameter session_replication_role to " + MIGRATOR);
        return servers;
    }

    /** Makes a database on the source, empty or as another one is. */
    void createSource(String database, String template) throws SQLException {
        run(
                source.settings("postgres"),
                "create database " + Identifier.quote(database) + " owner " + APPLICATION + " template "
                        + Identifier.quote(template));
    }

    void createTarget(String database) throws SQLException {
        run(target.settings("postgres"), "create database " + Identifier.quote(database) + " owner " + MIGRATOR);
    }

    /** Ends the sessions of a database of both servers and removes it. */
    void drop(String database) throws SQLException {
        for (LocalPostgres each : new LocalPostgres[] {source, target}) {
            run(each.settings("postgres"), "drop database " + Identifier.quote(database) + " with (force)");
        }
    }

    ServerSettings source(String database, String role) {
        return source.settings(database, role, PASSWORD);
    }

    ServerSettings target(String database, String role) {
        return target.settings(database, role, PASSWORD);
    }

    /** The servers' own words for their versions. */
    String versions() throws SQLException {
        String version = "select current_setting('server_version')";
        return ask(source.settings("postgres"), version) + " to " + ask(target.settings("postgres"), version);
    }

    static String ask(ServerSettings where, String sql) throws SQLException {
        try (Connection connection = Connections.open(where, "bench");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    static void run(ServerSettings where, String... statements) throws SQLException {
        try (Connection connection = Connections.open(where, "bench");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
