package io.changeover.schema;

import io.changeover.postgres.Connections;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.UserTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The publication on the source: exactly the tables of the migration. Partitioned tables are published by their leaves,
 * and inheritance parents without their children, so that every row is published once, under the table that holds it.
 */
public final class Publication {

    private Publication() {}

    /** Makes the publication if it is not there. */
    public static void create(ServerSettings source, String name) throws SQLException {
        try (Connection connection = Connections.open(source, "changeover-schema")) {
            if (!exists(connection, name)) {
                String tables = UserTables.logged(connection).stream()
                        .map(TableName::quoted)
                        .collect(Collectors.joining(", only "));
                try (Statement statement = connection.createStatement()) {
                    statement.execute("create publication " + Identifier.quote(name)
                            + (tables.isEmpty() ? "" : " for table only " + tables)
                            + " with (publish = 'insert, update, delete, truncate')");
                }
            }
        }
    }

    /** Drops the publication if it is there. */
    public static void drop(ServerSettings source, String name) throws SQLException {
        try (Connection connection = Connections.open(source, "changeover-schema");
                Statement statement = connection.createStatement()) {
            statement.execute("drop publication if exists " + Identifier.quote(name));
        }
    }

    /** How many tables it has. */
    public static int size(ServerSettings source, String name) throws SQLException {
        try (Connection connection = Connections.open(source, "changeover-schema")) {
            return tables(connection, name).size();
        }
    }

    /** Its tables. */
    public static List<TableName> tables(Connection source, String name) throws SQLException {
        String sql = "select schemaname, tablename from pg_publication_tables where pubname = ?";
        List<TableName> tables = new ArrayList<>();
        try (PreparedStatement select = source.prepareStatement(sql)) {
            select.setString(1, name);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    tables.add(new TableName(rows.getString(1), rows.getString(2)));
                }
            }
        }
        return tables;
    }

    private static boolean exists(Connection connection, String name) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select exists (select from pg_publication where pubname = ?)")) {
            select.setString(1, name);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }
}
