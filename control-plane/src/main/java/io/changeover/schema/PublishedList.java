package io.changeover.schema;

import io.changeover.postgres.PublishedTables;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * What stands for a publication before PostgreSQL 10, which has none: the names of the tables, in
 * {@code changeover.published} on the source. The stream of such a server has every table; the capture leaves out those
 * that are not in the list.
 */
final class PublishedList {

    private static final String TABLE = PublishedTables.LIST.quoted();

    private PublishedList() {}

    /** Writes the list of a new migration down. */
    static void create(Connection source, String publication, List<TableName> tables) throws SQLException {
        execute(
                source,
                "create table if not exists " + TABLE + " (publication text, schema_name text, table_name text,"
                        + " primary key (publication, schema_name, table_name))");
        String sql = "insert into " + TABLE + " select ?, t.schema_name, t.table_name"
                + " from unnest(?::text[], ?::text[]) as t(schema_name, table_name)";
        try (PreparedStatement insert = source.prepareStatement(sql)) {
            insert.setString(1, publication);
            insert.setArray(
                    2,
                    source.createArrayOf(
                            "text", tables.stream().map(TableName::schema).toArray()));
            insert.setArray(
                    3,
                    source.createArrayOf(
                            "text", tables.stream().map(TableName::name).toArray()));
            insert.executeUpdate();
        }
    }

    /** Forgets a list; the table goes with the last one. */
    static void drop(Connection source, String publication) throws SQLException {
        if (!PublishedTables.listExists(source)) {
            return;
        }
        try (PreparedStatement delete = source.prepareStatement("delete from " + TABLE + " where publication = ?")) {
            delete.setString(1, publication);
            delete.executeUpdate();
        }
        if (isEmpty(source)) {
            execute(source, "drop table " + TABLE);
        }
    }

    private static boolean isEmpty(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery("select not exists (select from " + TABLE + ")")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    private static void execute(Connection source, String sql) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute(sql);
        }
    }
}
