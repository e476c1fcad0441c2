package io.changeover.schema;

import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds a TRUNCATE on a source before PostgreSQL 11, whose stream does not have it: the files of the published tables,
 * as they were when the publication was made, are kept in {@code changeover.filenode} on the source. TRUNCATE gives a
 * table another file. So do VACUUM FULL, CLUSTER and an ALTER TABLE that rewrites: they cannot be told from it.
 */
public final class Filenodes {

    private static final int TRUNCATE_IN_STREAM = 11;

    private static final String TABLE = """
            create table if not exists changeover.filenode (
                publication text, relation oid, filenode oid not null, primary key (publication, relation))""";

    private static final String RECORD = """
            insert into changeover.filenode select ?, t.name::regclass, pg_relation_filenode(t.name::regclass)
              from unnest(?::text[]) as t(name)""";

    private static final String CHANGED = """
            select n.nspname, c.relname from changeover.filenode f
              join pg_class c on c.oid = f.relation join pg_namespace n on n.oid = c.relnamespace
             where f.publication = ? and pg_relation_filenode(c.oid) <> f.filenode order by 1, 2""";

    private Filenodes() {}

    /** Whether the stream of a source of this major version lacks TRUNCATE. */
    public static boolean areNeeded(int sourceMajor) {
        return sourceMajor < TRUNCATE_IN_STREAM;
    }

    /** Keeps the files of a new publication's tables. */
    static void record(Connection source, String publication, List<TableName> tables) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute(TABLE);
        }
        run(source, "delete from changeover.filenode where publication = ?", publication);
        add(source, publication, tables);
    }

    /** Keeps the files of more tables. */
    static void add(Connection source, String publication, List<TableName> tables) throws SQLException {
        try (PreparedStatement insert = source.prepareStatement(RECORD)) {
            insert.setString(1, publication);
            insert.setArray(
                    2,
                    source.createArrayOf(
                            "text", tables.stream().map(TableName::quoted).toArray()));
            insert.executeUpdate();
        }
    }

    /** A table is loaded again: whatever happened to it before does not matter any more. */
    static void recordAgain(Connection source, String publication, TableName table) throws SQLException {
        String sql = "update changeover.filenode set filenode = pg_relation_filenode(relation)"
                + " where publication = ? and relation = ?::regclass";
        try (PreparedStatement update = source.prepareStatement(sql)) {
            update.setString(1, publication);
            update.setString(2, table.quoted());
            update.executeUpdate();
        }
    }

    /** Forgets a publication; the table goes with the last one. */
    static void forget(Connection source, String publication) throws SQLException {
        try (Statement statement = source.createStatement()) {
            if (!holds(statement, "select to_regclass('changeover.filenode') is not null")) {
                return;
            }
            run(source, "delete from changeover.filenode where publication = ?", publication);
            if (!holds(statement, "select exists (select from changeover.filenode)")) {
                statement.execute("drop table changeover.filenode");
            }
        }
    }

    /**
     * What to tell of tables that have been truncated, or rewritten, since the publication was made: the target may
     * hold rows that the source does not.
     *
     * @return empty if there are none, or if the stream of this server has TRUNCATE
     */
    public static Optional<String> complaint(Connection source, String publication) throws SQLException {
        if (!areNeeded(source.getMetaData().getDatabaseMajorVersion())) {
            return Optional.empty();
        }
        List<TableName> changed = changed(source, publication);
        return changed.isEmpty()
                ? Optional.empty()
                : Optional.of("Tables of the source were truncated or rewritten since the migration began: " + changed
                        + ". TRUNCATE is not in the stream of a server before PostgreSQL 11, and cannot be told from"
                        + " VACUUM FULL, CLUSTER and ALTER TABLE. The cutover is not possible until each of them is"
                        + " loaded again: changeover reload MIGRATION/DATABASE SCHEMA.TABLE");
    }

    /** The published tables that have been truncated, or rewritten, since. */
    static List<TableName> changed(Connection source, String publication) throws SQLException {
        List<TableName> tables = new ArrayList<>();
        try (PreparedStatement select = source.prepareStatement(CHANGED)) {
            select.setString(1, publication);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    tables.add(new TableName(rows.getString(1), rows.getString(2)));
                }
            }
        }
        return tables;
    }

    private static void run(Connection source, String sql, String publication) throws SQLException {
        try (PreparedStatement statement = source.prepareStatement(sql)) {
            statement.setString(1, publication);
            statement.executeUpdate();
        }
    }

    private static boolean holds(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getBoolean(1);
        }
    }
}
