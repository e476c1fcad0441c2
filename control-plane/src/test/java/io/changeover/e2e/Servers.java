package io.changeover.e2e;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A source and a target server for all tests of the JVM, with roles as the clouds have them: {@code changeover}
 * migrates and {@code app} is the application; neither is a superuser.
 */
public final class Servers implements AutoCloseable {

    /** The role that migrates. */
    public static final String MIGRATOR = "changeover";

    /** A role that migrates without the right to set session_replication_role on the target. */
    static final String GUARDED = "guarded";

    /** The role of the application, which owns the source's databases. */
    public static final String APPLICATION = "app";

    public static final String PASSWORD = "s3cret of the tests";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final LocalPostgres source;
    private final LocalPostgres target;

    private Servers(LocalPostgres source, LocalPostgres target) {
        this.source = source;
        this.target = target;
    }

    static Servers start() throws SQLException {
        return start(14);
    }

    /** A pair of its own, which the caller closes, with a source of another major version. */
    public static Servers start(int sourceMajor) throws SQLException {
        LocalPostgres source = LocalPostgres.builder(sourceMajor)
                .fsync(false)
                .setting("wal_level", "logical")
                .setting("max_replication_slots", "40")
                .setting("max_wal_senders", "40")
                .start();
        LocalPostgres target = LocalPostgres.builder(17)
                .fsync(false)
                .setting("wal_level", "logical")
                .setting("max_replication_slots", "40")
                .setting("max_wal_senders", "40")
                .start();
        Servers servers = new Servers(source, target);
        run(
                source.settings("postgres"),
                "create role app login password '" + PASSWORD + "'",
                "create role changeover login replication password '" + PASSWORD + "'",
                "grant app, pg_signal_backend" + (sourceMajor >= 10 ? ", pg_monitor" : "") + " to changeover");
        run(
                target.settings("postgres"),
                "create role changeover login replication password '" + PASSWORD + "'",
                "create role app login password '" + PASSWORD + "'",
                "create role guarded login password '" + PASSWORD + "'",
                "grant changeover, guarded to app",
                "grant pg_signal_backend, pg_monitor to changeover",
                "grant set on parameter session_replication_role to changeover");
        return servers;
    }

    /** The source itself, to be stopped and started. */
    LocalPostgres source() {
        return source;
    }

    /** The target itself, to be stopped and started. */
    LocalPostgres target() {
        return target;
    }

    /** A new, empty database on each side. */
    public Databases create() throws SQLException {
        String name = "shop_" + NUMBER.incrementAndGet();
        run(source.settings("postgres"), "create database " + name + " owner app");
        run(target.settings("postgres"), "create database " + name + " owner changeover");
        return new Databases(
                name,
                role -> source.settings(name, role, PASSWORD),
                role -> target.settings(name, role, PASSWORD),
                source.settings(name));
    }

    /** The same for a target whose migrating role may not set session_replication_role. */
    public Databases createGuarded() throws SQLException {
        String name = "shop_" + NUMBER.incrementAndGet();
        run(source.settings("postgres"), "create database " + name + " owner app");
        run(target.settings("postgres"), "create database " + name + " owner guarded");
        return new Databases(
                name,
                role -> source.settings(name, role, PASSWORD),
                role -> target.settings(name, role.equals(MIGRATOR) ? GUARDED : role, PASSWORD),
                source.settings(name));
    }

    /** The same for a migrating role of its own, with a password on each side. */
    Databases createFor(String role, String sourcePassword, String targetPassword) throws SQLException {
        String name = "shop_" + NUMBER.incrementAndGet();
        run(
                source.settings("postgres"),
                "create role " + role + " login replication password '" + sourcePassword + "'",
                "grant app, pg_signal_backend, pg_monitor to " + role,
                "create database " + name + " owner app");
        run(
                target.settings("postgres"),
                "create role " + role + " login password '" + targetPassword + "'",
                "grant set on parameter session_replication_role to " + role,
                "create database " + name + " owner " + role);
        return new Databases(
                name,
                asked -> asked.equals(MIGRATOR)
                        ? source.settings(name, role, sourcePassword)
                        : source.settings(name, asked, PASSWORD),
                asked -> target.settings(name, role, targetPassword),
                source.settings(name));
    }

    /** The source server itself, for who stops and kills it: of a pair of his own. */
    public LocalPostgres sourceServer() {
        return source;
    }

    /** The same of the target. */
    public LocalPostgres targetServer() {
        return target;
    }

    static void run(ServerSettings server, String... statements) throws SQLException {
        try (Connection connection = Connections.open(server, "test");
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        try (source) {
            target.close();
        }
    }
}
