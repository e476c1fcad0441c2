package io.changeover.schema;

import io.changeover.postgres.Connections;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
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
                String tables = tables(connection).stream()
                        .map(TableName::quoted)
                        .collect(Collectors.joining(", only ", " for table only ", ""));
                try (Statement statement = connection.createStatement()) {
                    statement.execute("create publication " + Identifier.quote(name) + tables
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
        String sql = "select count(*) from pg_publication_tables where pubname = ?";
        try (Connection connection = Connections.open(source, "changeover-schema");
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, name);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
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

    private static List<TableName> tables(Connection connection) throws SQLException {
        String sql = """
                select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname <> 'information_schema'
                and n.nspname !~ '^pg_' and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                and d.objid = c.oid and d.deptype = 'e') order by 1, 2""";
        List<TableName> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                tables.add(new TableName(rows.getString(1), rows.getString(2)));
            }
        }
        return tables;
    }
}
