package io.changeover.ddl;

import io.changeover.contract.ColumnDefinition;
import io.changeover.contract.ColumnDefinition.Earlier;
import io.changeover.contract.TableDefinition;
import io.changeover.definition.CatalogDefinitions;
import io.changeover.postgres.Identifier;
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
 * Adds columns to a table of the target that the source's has, and gives rows that are there what the source's have.
 */
public final class DdlApply {

    private static final String LOCK_TIMEOUT = "set local lock_timeout = '10s'";

    private static final String SOURCE_COLUMN = """
            select a.attnotnull, pg_get_expr(d.adbin, d.adrelid), n.nspname, l.collname
              from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
              left join pg_type t on t.oid = a.atttypid and t.typcollation <> a.attcollation
              left join pg_collation l on l.oid = a.attcollation and t.oid is not null
              left join pg_namespace n on n.oid = l.collnamespace
             where a.attrelid = ?::regclass and a.attname = ?""";

    private DdlApply() {}

    /**
     * Adds the columns in one transaction.
     *
     * @param table of the source, whose columns are looked at
     * @param to the table of the target to alter: the same, or the one that it is a partition of
     * @return the statements that were executed
     * @throws SQLException if the target refuses, or a lock is not to be had in time; nothing was changed then
     */
    public static List<String> addColumns(Connection source, Connection target, TableName table, TableName to)
            throws SQLException {
        TableDefinition there = definition(CatalogDefinitions.ofTarget(target, table), table);
        List<String> statements = new ArrayList<>();
        for (ColumnDefinition column :
                definition(CatalogDefinitions.ofSource(source, table), table).columns()) {
            boolean isMissing =
                    there.columns().stream().noneMatch(each -> each.name().equals(column.name()));
            if (isMissing && column.earlier() != Earlier.UNKNOWN) {
                statements.addAll(addition(source, table, to, column));
            }
        }
        target.setAutoCommit(false);
        try (Statement statement = target.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(LOCK_TIMEOUT);
            for (String each : statements) {
                statement.execute(each);
            }
            target.commit();
        } catch (SQLException e) {
            target.rollback();
            throw e;
        } finally {
            target.setAutoCommit(true);
        }
        return statements;
    }

    private static TableDefinition definition(Optional<TableDefinition> found, TableName table) throws SQLException {
        return found.orElseThrow(() -> new SQLException("Table " + table + " is not there any more", "42P01"));
    }

    /** First the default that earlier rows have got, then the one that new rows get. */
    private static List<String> addition(Connection source, TableName table, TableName to, ColumnDefinition column)
            throws SQLException {
        List<String> statements = new ArrayList<>();
        String alter = "alter table " + to.quoted() + " ";
        String name = Identifier.quote(column.name());
        boolean filled = column.earlier() == Earlier.CONSTANT;
        try (PreparedStatement select = source.prepareStatement(SOURCE_COLUMN)) {
            select.setString(1, table.quoted());
            select.setString(2, column.name());
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw new SQLException("Column " + column.name() + " of " + table + " is gone", "42703");
                }
                String collation = rows.getString(4) == null
                        ? ""
                        : " collate " + Identifier.quote(rows.getString(3), rows.getString(4));
                statements.add(alter + "add column " + name + " " + column.type() + collation
                        + (filled ? " default '" + column.value().replace("'", "''") + "'::" + column.type() : "")
                        + (rows.getBoolean(1) ? " not null" : ""));
                String now = rows.getString(2);
                if (now != null) {
                    statements.add(alter + "alter column " + name + " set default " + now);
                } else if (filled) {
                    statements.add(alter + "alter column " + name + " drop default");
                }
            }
        }
        return statements;
    }
}
