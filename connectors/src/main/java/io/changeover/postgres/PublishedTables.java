package io.changeover.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables of a migration: those of its publication. PostgreSQL before 10 has no publications; there the list is kept
 * in {@link #LIST} on the source.
 */
public final class PublishedTables {

    /** {@code (publication text, schema_name text, table_name text)}; only before PostgreSQL 10. */
    public static final TableName LIST = new TableName("changeover", "published");

    private static final int PUBLICATIONS = 10;

    private static final String PUBLISHED = """
            select schemaname, tablename from pg_catalog.pg_publication_tables
             where pubname = ? and schemaname <> 'changeover' order by 1, 2""";

    private static final String LISTED =
            "select schema_name, table_name from " + LIST.quoted() + " where publication = ? order by 1, 2";

    private PublishedTables() {}

    /** Whether a source of this major version has no publications, 9 being 9.6. */
    public static boolean areListed(int sourceMajor) {
        return sourceMajor < PUBLICATIONS;
    }

    /** The tables, by name; not ours. None if there is no such publication. */
    public static List<TableName> read(Connection source, String publication) throws SQLException {
        boolean listed = areListed(source.getMetaData().getDatabaseMajorVersion());
        if (listed && !listExists(source)) {
            return List.of();
        }
        List<TableName> tables = new ArrayList<>();
        try (PreparedStatement select = source.prepareStatement(listed ? LISTED : PUBLISHED)) {
            select.setString(1, publication);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    tables.add(new TableName(rows.getString(1), rows.getString(2)));
                }
            }
        }
        return tables;
    }

    /** Whether any migration keeps a list. */
    public static boolean listExists(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery("select to_regclass('" + LIST.quoted() + "') is not null")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }
}
