package io.changeover.demo;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A server of its own with a small sample database, owned by a role without privileges. */
final class DvdRentalServer implements AutoCloseable {

    private static final String NAME = "dvdrental";
    private static final double SMALL = 0.01;

    private final LocalPostgres server;
    private final Rows rows;

    DvdRentalServer(int version, Path directory) throws SQLException {
        server = LocalPostgres.builder(version).directory(directory).start();
        asSuperuser("create role dvdrental login password 'dvdrental'");
        asSuperuser("create database dvdrental owner dvdrental");
        try (Connection owner = connect()) {
            rows = DvdRental.create(owner, SMALL, 1);
        }
    }

    LocalPostgres server() {
        return server;
    }

    Rows rows() {
        return rows;
    }

    ServerSettings settings() {
        return server.settings(NAME, NAME, NAME);
    }

    Connection connect() throws SQLException {
        return Connections.open(settings(), "changeover-test");
    }

    void asSuperuser(String sql) throws SQLException {
        try (Connection connection = Connections.open(server.settings("postgres"), "changeover-test");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
