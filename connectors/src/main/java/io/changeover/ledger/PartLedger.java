package io.changeover.ledger;

import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Tables that are loaded in parts. A loader divides the table that it has claimed, and holds the snapshot that all
 * parts share until the last one is done. When the snapshot is lost before that, the table begins again: what is there
 * of it goes, and so do its parts.
 */
public final class PartLedger {

    private PartLedger() {}

    /**
     * Which rows of a table are in a part.
     *
     * @param keyColumn the bounds are values of this column; empty: numbers of blocks
     * @param lower the first value that belongs to it; empty: no bound
     * @param upper the first one that does not; empty: no bound
     * @param bytes about how large it is on the source
     */
    public record Range(Optional<String> keyColumn, OptionalLong lower, OptionalLong upper, long bytes) {}

    /**
     * A claimed part.
     *
     * @param number from 1
     * @param beginning of the table: parts of another one are void
     * @param exported the name of the snapshot to read it in
     * @param snapshot what that has to see
     * @param filenode of the table on the source, which another one takes when the table is rewritten or emptied
     */
    public record Part(
            TableName table,
            long estimatedRows,
            int number,
            int beginning,
            String exported,
            String snapshot,
            long filenode,
            Range range) {}

    /**
     * Divides a claimed table, in the transaction that claims it.
     *
     * @param exported the snapshot's name on the source, which the caller holds
     * @param snapshot what it sees
     * @param readAt a WAL position read after it was taken
     * @param filenode of the table on the source
     */
    public static void divide(
            Connection target,
            TableName table,
            List<Range> ranges,
            String exported,
            String snapshot,
            LogSequenceNumber readAt,
            long filenode)
            throws SQLException {
        LoadLedger.forgetParts(target, table);
        String sql = """
                update changeover.loads set state = 'parts', beginnings = beginnings + 1, exported = ?, snapshot = ?,
                snapshot_lsn = ?::pg_lsn, filenode = ?, error = null where schema_name = ? and table_name = ?""";
        try (PreparedStatement update = target.prepareStatement(sql)) {
            update.setString(1, exported);
            update.setString(2, snapshot);
            update.setString(3, readAt.asString());
            update.setLong(4, filenode);
            update.setString(5, table.schema());
            update.setString(6, table.name());
            update.executeUpdate();
        }
        addParts(target, table, ranges);
    }

    private static void addParts(Connection target, TableName table, List<Range> ranges) throws SQLException {
        String sql = "insert into changeover.load_parts (schema_name, table_name, part, key_column, lower_bound,"
                + " upper_bound, estimated_bytes) values (?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement insert = target.prepareStatement(sql)) {
            int number = 1;
            for (Range range : ranges) {
                insert.setString(1, table.schema());
                insert.setString(2, table.name());
                insert.setInt(3, number++);
                insert.setString(4, range.keyColumn().orElse(null));
                insert.setObject(5, boxed(range.lower()));
                insert.setObject(6, boxed(range.upper()));
                insert.setLong(7, range.bytes());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static @Nullable Long boxed(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    /**
     * Claims a part that nobody has, until the transaction ends: the largest one.
     *
     * @param target a connection with a transaction open
     * @param except tables of which none is wanted
     * @return empty if there is none
     */
    public static Optional<Part> claim(Connection target, Collection<TableName> except) throws SQLException {
        String sql = """
                select schema_name, table_name, l.estimated_rows, part, beginnings, exported, snapshot, filenode,
                       key_column, lower_bound, upper_bound, p.estimated_bytes
                from changeover.load_parts p join changeover.loads l using (schema_name, table_name)
                where p.state = 'pending' and l.state = 'parts'""" + LoadLedger.EXCEPT
                + " order by p.estimated_bytes desc, schema_name, table_name, part limit 1 for update of p skip locked";
        try (PreparedStatement select = target.prepareStatement(sql)) {
            LoadLedger.bindExcept(select, except);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(part(rows)) : Optional.empty();
            }
        }
    }

    private static Part part(ResultSet rows) throws SQLException {
        Range range = new Range(
                Optional.ofNullable(rows.getString(9)),
                optional(rows.getObject(10, Long.class)),
                optional(rows.getObject(11, Long.class)),
                rows.getLong(12));
        return new Part(
                new TableName(rows.getString(1), rows.getString(2)),
                rows.getLong(3),
                rows.getInt(4),
                rows.getInt(5),
                rows.getString(6),
                rows.getString(7),
                rows.getLong(8),
                range);
    }

    private static OptionalLong optional(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /**
     * Makes a part final, in the transaction that holds its rows, and with the last one the table.
     *
     * @return false if the table has begun again meanwhile, so that the rows must be rolled back
     */
    public static boolean finish(Connection target, Part part, long rows, long bytes) throws SQLException {
        String sql = "update changeover.load_parts set state = 'done', rows = ?, bytes = ?"
                + " where schema_name = ? and table_name = ? and part = ?";
        try (PreparedStatement update = target.prepareStatement(sql)) {
            update.setLong(1, rows);
            update.setLong(2, bytes);
            update.setString(3, part.table().schema());
            update.setString(4, part.table().name());
            update.setInt(5, part.number());
            if (update.executeUpdate() != 1 || !isCurrent(target, part.table(), part.beginning())) {
                return false;
            }
        }
        finishTable(target, part.table());
        return true;
    }

    /** Keeps others from finishing or beginning the table until the transaction ends. */
    private static boolean isCurrent(Connection target, TableName table, int beginning) throws SQLException {
        String sql = "select beginnings = ? and state = 'parts' from changeover.loads"
                + " where schema_name = ? and table_name = ? for update";
        try (PreparedStatement select = target.prepareStatement(sql)) {
            select.setInt(1, beginning);
            select.setString(2, table.schema());
            select.setString(3, table.name());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    /** Its statement sees what others have committed before the table's line was locked. */
    private static void finishTable(Connection target, TableName table) throws SQLException {
        String sql = """
                update changeover.loads l set state = 'done', rows = p.rows, bytes = p.bytes, exported = null,
                error = null, finished_at = clock_timestamp()
                from (select sum(rows) as rows, sum(bytes) as bytes, bool_and(state = 'done') as done
                      from changeover.load_parts where schema_name = ? and table_name = ?) p
                where schema_name = ? and table_name = ? and p.done""";
        try (PreparedStatement update = target.prepareStatement(sql)) {
            update.setString(1, table.schema());
            update.setString(2, table.name());
            update.setString(3, table.schema());
            update.setString(4, table.name());
            update.executeUpdate();
        }
    }

    /**
     * Puts a divided table back into the queue, whole.
     *
     * @param target a connection whose transaction has the table for itself
     * @return false if somebody else has, or it is done, so that its rows must stay
     */
    public static boolean beginAgain(Connection target, TableName table, int beginning) throws SQLException {
        if (!isCurrent(target, table, beginning)) {
            return false;
        }
        LoadLedger.again(target, table);
        return true;
    }

    /** The snapshots that are still needed, by the names that they were exported with. */
    public static List<String> heldSnapshots(Connection target) throws SQLException {
        String sql = "select coalesce(array_agg(exported), '{}') from changeover.loads where state = 'parts'";
        try (PreparedStatement select = target.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            rows.next();
            return List.of((String[]) rows.getArray(1).getArray());
        }
    }
}
