package io.changeover.load;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** A source and a target, empty before each test, on a server that all these tests share and the last one stops. */
final class LoadDatabases implements BeforeEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(LoadDatabases.class);

    private Optional<LocalPostgres> server = Optional.empty();

    @Override
    public void beforeEach(ExtensionContext test) throws SQLException {
        server = Optional.of(test.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        LocalPostgres.class,
                        key -> LocalPostgres.builder(17).fsync(false).start(),
                        LocalPostgres.class));
        for (String side : List.of("source", "target")) {
            run(settings("postgres"), "drop database if exists " + side);
            run(settings("postgres"), "create database " + side);
        }
    }

    ServerSettings source() {
        return settings("source");
    }

    ServerSettings target() {
        return settings("target");
    }

    /** Another database of the server. */
    ServerSettings settings(String database) {
        return server.orElseThrow().settings(database);
    }

    void onBoth(String... statements) throws SQLException {
        run(source(), statements);
        run(target(), statements);
    }

    static void run(ServerSettings settings, String... statements) throws SQLException {
        try (Connection connection = Connections.open(settings, "changeover-test");
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The rows, their columns with bars between them. */
    static List<String> ask(ServerSettings settings, String query) throws SQLException {
        try (Connection connection = Connections.open(settings, "changeover-test");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> lines = new ArrayList<>();
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    values.add(String.valueOf(rows.getObject(i)));
                }
                lines.add(String.join("|", values));
            }
            return lines;
        }
    }
}
