package io.changeover.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The tables that people made: not the system's, not those of extensions, not temporary ones, not our ledger. */
public final class UserTables {

    private static final String SQL = """
            select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind::text = any (string_to_array('%s', ',')) and c.relpersistence::text = any (string_to_array('%s', ','))
            and n.nspname not in ('information_schema', 'changeover') and n.nspname !~ '^pg_'
            and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
            and d.objid = c.oid and d.deptype = 'e') order by 1, 2""";

    private UserTables() {}

    /** Tables that hold rows themselves; partitions are among them, partitioned tables are not. */
    public static List<TableName> ordinary(Connection connection) throws SQLException {
        return read(connection, SQL.formatted("r", "p,u"));
    }

    /** The ordinary tables whose changes are in the WAL. */
    public static List<TableName> logged(Connection connection) throws SQLException {
        return read(connection, SQL.formatted("r", "p"));
    }

    /** Everything an application can write rows to: ordinary and partitioned tables. */
    public static List<TableName> writable(Connection connection) throws SQLException {
        return read(connection, SQL.formatted("r,p", "p,u"));
    }

    private static List<TableName> read(Connection connection, String sql) throws SQLException {
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
