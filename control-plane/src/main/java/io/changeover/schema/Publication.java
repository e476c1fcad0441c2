package io.changeover.schema;

import io.changeover.contract.Marker;
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

    /** Makes the publication if it is not there, and what it needs on an older source, all in one transaction. */
    public static void create(ServerSettings source, String name) throws SQLException {
        try (Connection connection = Connections.open(source, "changeover-schema")) {
            if (!exists(connection, name)) {
                connection.setAutoCommit(false);
                create(connection, name);
                connection.commit();
            }
        }
    }

    private static void create(Connection connection, String name) throws SQLException {
        int major = connection.getMetaData().getDatabaseMajorVersion();
        List<TableName> tables = new ArrayList<>(UserTables.logged(connection));
        if (MarkerTable.isNeeded(major)) {
            MarkerTable.create(connection);
            tables.add(Marker.TABLE);
        }
        String published = tables.stream().map(TableName::quoted).collect(Collectors.joining(", only "));
        try (Statement statement = connection.createStatement()) {
            statement.execute("create publication " + Identifier.quote(name)
                    + (published.isEmpty() ? "" : " for table only " + published) + " with (publish = '"
                    + (Filenodes.areNeeded(major) ? "insert, update, delete" : "insert, update, delete, truncate")
                    + "')");
        }
        if (Filenodes.areNeeded(major)) {
            Filenodes.record(connection, name);
        }
    }

    /** Drops the publication if it is there, and what {@link #create} has made besides. */
    public static void drop(ServerSettings source, String name) throws SQLException {
        try (Connection connection = Connections.open(source, "changeover-schema");
                Statement statement = connection.createStatement()) {
            int major = connection.getMetaData().getDatabaseMajorVersion();
            connection.setAutoCommit(false);
            statement.execute("drop publication if exists " + Identifier.quote(name));
            if (Filenodes.areNeeded(major)) {
                Filenodes.forget(connection, name);
            }
            if (MarkerTable.isNeeded(major)) {
                MarkerTable.dropUnpublished(connection);
            }
            connection.commit();
        }
    }

    /** How many tables of the migration it has. */
    public static int size(ServerSettings source, String name) throws SQLException {
        try (Connection connection = Connections.open(source, "changeover-schema")) {
            return tables(connection, name).size();
        }
    }

    /** The tables of the migration that it has: all but the one for markers. */
    public static List<TableName> tables(Connection source, String name) throws SQLException {
        String sql = "select schemaname, tablename from pg_publication_tables where pubname = ?"
                + " and schemaname <> 'changeover'";
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
