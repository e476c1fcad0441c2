package io.changeover.demo;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;

/**
 * The demo's two servers, with roles as the clouds have them: {@code changeover} migrates and is no superuser,
 * {@code dvdrental} is the application.
 */
public final class DemoServers implements AutoCloseable {

    /** The database on both sides. */
    public static final String DATABASE = "dvdrental";

    /** The role that migrates. */
    public static final String MIGRATOR = "changeover";

    private static final int SOURCE_MAJOR = 14;
    private static final int TARGET_MAJOR = 17;

    private final LocalPostgres source;
    private final LocalPostgres target;
    private final String password;

    private DemoServers(LocalPostgres source, LocalPostgres target, String password) {
        this.source = source;
        this.target = target;
        this.password = password;
    }

    /** Starts both servers and makes roles and databases; the databases are empty. Their files are temporary. */
    public static DemoServers start() throws SQLException {
        LocalPostgres source = LocalPostgres.builder(SOURCE_MAJOR)
                .setting("wal_level", "logical")
                .start();
        try {
            LocalPostgres target = LocalPostgres.builder(TARGET_MAJOR)
                    .setting("wal_level", "logical") // for the way back
                    .start();
            DemoServers servers = new DemoServers(source, target, randomPassword());
            try {
                servers.makeRoles();
                return servers;
            } catch (SQLException | RuntimeException e) {
                target.close();
                throw e;
            }
        } catch (SQLException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private void makeRoles() throws SQLException {
        run(
                source.settings("postgres"),
                "create role dvdrental login password '" + password + "'",
                "create role changeover login replication password '" + password + "'",
                "grant dvdrental to changeover",
                "grant pg_signal_backend, pg_monitor to changeover",
                "create database dvdrental owner dvdrental");
        run(
                target.settings("postgres"),
                "create role changeover login replication password '" + password + "'",
                "create role dvdrental login password '" + password + "'",
                // what changeover makes is the application's
                "grant changeover to dvdrental",
                "grant pg_signal_backend, pg_monitor to changeover",
                "grant set on parameter session_replication_role to changeover",
                "create database dvdrental owner changeover");
    }

    private static void run(ServerSettings server, String... statements) throws SQLException {
        try (Connection connection = Connections.open(server, "changeover-demo");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String randomPassword() {
        byte[] bytes = new byte[12];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The source, as the application or as the migrator. */
    public ServerSettings source(String role) {
        return source.settings(DATABASE, role, password);
    }

    /** The target, as the application or as the migrator. */
    public ServerSettings target(String role) {
        return target.settings(DATABASE, role, password);
    }

    @Override
    public void close() {
        try (source) {
            target.close();
        }
    }
}
