package io.changeover.capture;

import io.changeover.capture.wal.Relation;
import io.changeover.capture.wal.TableColumns;
import io.changeover.postgres.Connections;
import io.changeover.postgres.PublishedTables;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Looks tables up in the source's catalog, each on a connection of its own: it is seldom asked.
 *
 * @param publication whose tables are wanted
 */
record SourceTables(ServerSettings source, String publication) implements TableColumns {

    private static final String COLUMNS = """
            select a.attname, case c.relreplident when 'f' then true when 'n' then false else exists (
            select from pg_index i where i.indrelid = c.oid and a.attnum = any (i.indkey::int2[])
            and case c.relreplident when 'i' then i.indisreplident else i.indisprimary and i.indimmediate end) end
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where n.nspname = ? and c.relname = ? order by a.attnum""";

    @Override
    public Set<TableName> wanted() throws SQLException {
        try (Connection connection = Connections.open(source, "changeover-capture")) {
            return Set.copyOf(PublishedTables.read(connection, publication));
        }
    }

    @Override
    public Relation of(TableName table) throws SQLException {
        List<String> columns = new ArrayList<>();
        List<Boolean> key = new ArrayList<>();
        try (Connection connection = Connections.open(source, "changeover-capture");
                PreparedStatement select = connection.prepareStatement(COLUMNS)) {
            select.setString(1, table.schema());
            select.setString(2, table.name());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                    key.add(rows.getBoolean(2));
                }
            }
        }
        boolean[] flags = new boolean[key.size()];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = key.get(i);
        }
        return Relation.of(table, columns, flags);
    }
}
