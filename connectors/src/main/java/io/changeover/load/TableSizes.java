package io.changeover.load;

import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How large tables of the source are, by the planner's estimates. */
final class TableSizes {

    private TableSizes() {}

    /** Those of the tables that are there. */
    static List<LoadLedger.Entry> of(Connection source, List<TableName> tables) throws SQLException {
        String sql = """
                select n.nspname, c.relname, greatest(c.reltuples, 0)::bigint, pg_table_size(c.oid)
                from unnest(?::text[], ?::text[]) as p(schema_name, table_name)
                join pg_namespace n on n.nspname = p.schema_name
                join pg_class c on c.relnamespace = n.oid and c.relname = p.table_name""";
        List<LoadLedger.Entry> entries = new ArrayList<>();
        try (PreparedStatement select = source.prepareStatement(sql)) {
            select.setArray(1, texts(source, tables.stream().map(TableName::schema)));
            select.setArray(2, texts(source, tables.stream().map(TableName::name)));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    entries.add(new LoadLedger.Entry(
                            new TableName(rows.getString(1), rows.getString(2)), rows.getLong(3), rows.getLong(4)));
                }
            }
        }
        return entries;
    }

    private static Array texts(Connection connection, Stream<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }
}
