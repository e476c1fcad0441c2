package io.changeover.schema;

import io.changeover.contract.Marker;
import io.changeover.postgres.Connections;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.PublishedTables;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.UserTables;
import io.changeover.spec.TableSelection;
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
 * Before PostgreSQL 10 it is a {@link PublishedList}.
 */
public final class Publication {

    private Publication() {}

    /** Makes the publication if it is not there, and what it needs on an older source, all in one transaction. */
    public static void create(ServerSettings source, String name, TableSelection selection) throws SQLException {
        try (Connection connection = Connections.open(source, "changeover-schema")) {
            if (!exists(connection, name)) {
                connection.setAutoCommit(false);
                create(connection, name, tables(connection, selection));
                connection.commit();
            }
        }
    }

    private static List<TableName> tables(Connection connection, TableSelection selection) throws SQLException {
        Scope scope = Scope.read(connection, selection);
        return UserTables.logged(connection).stream().filter(scope::hasRows).toList();
    }

    private static void create(Connection connection, String name, List<TableName> tables) throws SQLException {
        int major = major(connection);
        if (SourceSchema.isNeeded(major)) {
            SourceSchema.create(connection);
        }
        if (PublishedTables.areListed(major)) {
            PublishedList.create(connection, name, tables);
        } else {
            publish(connection, name, tables, major);
        }
        if (Filenodes.areNeeded(major)) {
            Filenodes.record(connection, name, tables);
        }
    }

    private static void publish(Connection connection, String name, List<TableName> tables, int major)
            throws SQLException {
        List<TableName> all = new ArrayList<>(tables);
        if (MarkerTable.isNeeded(major)) {
            MarkerTable.create(connection);
            all.add(Marker.TABLE);
        }
        String published = all.stream().map(TableName::quoted).collect(Collectors.joining(", only "));
        try (Statement statement = connection.createStatement()) {
            statement.execute("create publication " + Identifier.quote(name)
                    + (published.isEmpty() ? "" : " for table only " + published) + " with (publish = '"
                    + (Filenodes.areNeeded(major) ? "insert, update, delete" : "insert, update, delete, truncate")
                    + "')");
        }
    }

    /**
     * Has a table in the publication, also one that was made after it, and all of its changes from now on in the
     * stream. To be called before its copy is made.
     *
     * @throws SQLException if the server is one before PostgreSQL 10
     */
    public static void add(ServerSettings source, String name, TableName table) throws SQLException {
        try (Connection connection = Connections.open(source, "changeover-schema")) {
            if (PublishedTables.read(connection, name).contains(table)) {
                if (Filenodes.areNeeded(major(connection))) {
                    Filenodes.recordAgain(connection, name, table);
                }
                return;
            }
            if (PublishedTables.areListed(major(connection))) {
                throw new SQLException(
                        "Table " + table + " was made after the migration began, and cannot be added to it: the source"
                                + " has no publications before PostgreSQL 10",
                        "0A000");
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("alter publication " + Identifier.quote(name) + " add table only " + table.quoted());
            }
            if (Filenodes.areNeeded(major(connection))) {
                Filenodes.add(connection, name, List.of(table));
            }
        }
    }

    /** Drops the publication if it is there, and what {@link #create} has made besides. */
    public static void drop(ServerSettings source, String name) throws SQLException {
        try (Connection connection = Connections.open(source, "changeover-schema")) {
            int major = major(connection);
            connection.setAutoCommit(false);
            if (PublishedTables.areListed(major)) {
                PublishedList.drop(connection, name);
            } else {
                unpublish(connection, name);
            }
            if (Filenodes.areNeeded(major)) {
                Filenodes.forget(connection, name);
            }
            if (MarkerTable.isNeeded(major)) {
                MarkerTable.dropUnpublished(connection);
            }
            if (SourceSchema.isNeeded(major)) {
                SourceSchema.dropIfEmpty(connection);
            }
            connection.commit();
        }
    }

    private static void unpublish(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("drop publication if exists " + Identifier.quote(name));
        }
    }

    /** How many tables of the migration it has. */
    public static int size(ServerSettings source, String name) throws SQLException {
        try (Connection connection = Connections.open(source, "changeover-schema")) {
            return PublishedTables.read(connection, name).size();
        }
    }

    private static boolean exists(Connection connection, String name) throws SQLException {
        if (PublishedTables.areListed(major(connection))) {
            return !PublishedTables.read(connection, name).isEmpty();
        }
        try (PreparedStatement select =
                connection.prepareStatement("select exists (select from pg_publication where pubname = ?)")) {
            select.setString(1, name);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    private static int major(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }
}
