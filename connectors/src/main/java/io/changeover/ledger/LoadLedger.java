package io.changeover.ledger;

import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The queue of tables to load, and what came of it. A claim is a row lock in the transaction that also writes the rows
 * and says "done": a loader that dies has claimed nothing and loaded nothing.
 */
public final class LoadLedger {

    /** Parameters: schemas and names of tables that are left out. */
    static final String EXCEPT = " and not exists (select from unnest(?::text[], ?::text[]) as e(s, n)"
            + " where e.s = schema_name and e.n = table_name)";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private LoadLedger() {}

    /** A table that waits, with the source's own estimate of its size. */
    public record Entry(TableName table, long estimatedRows, long estimatedBytes) {}

    /**
     * How far a table is.
     *
     * @param estimatedBytes on the source's disk, which is not what a copy of it has
     * @param rows of a finished load
     * @param bytes of a finished load
     * @param parts into how many it is divided; 0 if it is not
     * @param partsDone how many of them are loaded
     * @param followed false if it is loaded again, and the stream passes it over or is read again for it
     */
    public record State(
            TableName table,
            boolean done,
            long estimatedRows,
            long estimatedBytes,
            long rows,
            long bytes,
            int parts,
            int partsDone,
            Optional<String> error,
            boolean followed) {}

    /**
     * A table's copy, and what the stream does about the table.
     *
     * @param snapshot what it saw; empty while it is not loaded
     */
    public record Copy(Optional<Snapshot> snapshot, Stream stream) {

        /** What the stream does with changes of the table. */
        public enum Stream {
            /** It applies those that the copy has not seen, and waits for the copy. */
            FOLLOWED,
            /** It passes them over until the copy is there. */
            HELD,
            /** It is read again for those that it had passed over. */
            REPLAYED
        }
    }

    /** Adds tables to the queue; those that are there stay as they are. */
    public static void enqueue(Connection target, List<Entry> entries) throws SQLException {
        String sql = "insert into changeover.loads (schema_name, table_name, estimated_rows, estimated_bytes)"
                + " values (?, ?, ?, ?) on conflict do nothing";
        try (PreparedStatement insert = target.prepareStatement(sql)) {
            for (Entry entry : entries) {
                insert.setString(1, entry.table().schema());
                insert.setString(2, entry.table().name());
                insert.setLong(3, entry.estimatedRows());
                insert.setLong(4, entry.estimatedBytes());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /**
     * Claims the largest table that nobody has, until the transaction ends.
     *
     * @param target a connection with a transaction open
     * @param except tables that are not wanted
     * @return the table, or empty if none is left that is neither done nor claimed
     */
    public static Optional<Entry> claim(Connection target, Collection<TableName> except) throws SQLException {
        String sql = "select schema_name, table_name, estimated_rows, estimated_bytes from changeover.loads"
                + " where state = 'pending'" + EXCEPT + " order by estimated_bytes desc, schema_name, table_name"
                + " limit 1 for update skip locked";
        try (PreparedStatement select = target.prepareStatement(sql)) {
            bindExcept(select, except);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Entry(
                                new TableName(rows.getString(1), rows.getString(2)), rows.getLong(3), rows.getLong(4)))
                        : Optional.empty();
            }
        }
    }

    /**
     * Claims a table until the transaction ends, after whoever has it.
     *
     * @param target a connection with a transaction open
     * @return false if it is loaded already, or being loaded in parts
     * @throws SQLException if somebody else has it for long
     */
    public static boolean claim(Connection target, TableName table) throws SQLException {
        String sql =
                "select state = 'pending' from changeover.loads where schema_name = ? and table_name = ? for update";
        try (Statement limit = target.createStatement();
                PreparedStatement select = target.prepareStatement(sql)) {
            limit.execute("set local lock_timeout = '" + PATIENCE.toSeconds() + "s'");
            select.setString(1, table.schema());
            select.setString(2, table.name());
            boolean isClaimed;
            try (ResultSet rows = select.executeQuery()) {
                isClaimed = rows.next() && rows.getBoolean(1);
            }
            limit.execute("set local lock_timeout = 0");
            return isClaimed;
        }
    }

    /** Whether a table is loaded. */
    public static boolean isDone(Connection target, TableName table) throws SQLException {
        String sql = "select state = 'done' from changeover.loads where schema_name = ? and table_name = ?";
        try (PreparedStatement select = target.prepareStatement(sql)) {
            select.setString(1, table.schema());
            select.setString(2, table.name());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    static void bindExcept(PreparedStatement select, Collection<TableName> except) throws SQLException {
        Connection target = select.getConnection();
        Object[] schemas = except.stream().map(TableName::schema).toArray();
        Object[] names = except.stream().map(TableName::name).toArray();
        select.setArray(1, target.createArrayOf("text", schemas));
        select.setArray(2, target.createArrayOf("text", names));
    }

    /** Makes a claimed table's load final, in the transaction that holds its rows. */
    public static void finish(
            Connection target, TableName table, long rows, long bytes, String snapshot, LogSequenceNumber readAt)
            throws SQLException {
        String sql = """
                update changeover.loads set state = 'done', rows = ?, bytes = ?, snapshot = ?, snapshot_lsn = ?::pg_lsn,
                error = null, finished_at = clock_timestamp() where schema_name = ? and table_name = ?""";
        try (PreparedStatement update = target.prepareStatement(sql)) {
            update.setLong(1, rows);
            update.setLong(2, bytes);
            update.setString(3, snapshot);
            update.setString(4, readAt.asString());
            update.setString(5, table.schema());
            update.setString(6, table.name());
            update.executeUpdate();
        }
    }

    /** Puts a table back into the queue. */
    static void again(Connection target, TableName table) throws SQLException {
        String sql = """
                update changeover.loads set state = 'pending', rows = 0, bytes = 0, snapshot = null,
                snapshot_lsn = null, exported = null, error = null, finished_at = null
                where schema_name = ? and table_name = ?""";
        try (PreparedStatement update = target.prepareStatement(sql)) {
            update.setString(1, table.schema());
            update.setString(2, table.name());
            update.executeUpdate();
        }
        forgetParts(target, table);
    }

    static void forgetParts(Connection target, TableName table) throws SQLException {
        String sql = "delete from changeover.load_parts where schema_name = ? and table_name = ?";
        try (PreparedStatement delete = target.prepareStatement(sql)) {
            delete.setString(1, table.schema());
            delete.setString(2, table.name());
            delete.executeUpdate();
        }
    }

    /** Whether every table of the queue is loaded. */
    public static boolean isFinished(Connection target) throws SQLException {
        String sql = "select not exists (select from changeover.loads where state <> 'done')";
        try (PreparedStatement select = target.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    /** Keeps in which form a table is copied, for people. */
    public static void recordFormat(Connection target, TableName table, String format) throws SQLException {
        keep(target, table, "format", format);
    }

    /** Keeps why a table could not be loaded, for people; it stays in the queue. */
    public static void recordError(Connection target, TableName table, String message) throws SQLException {
        keep(target, table, "error", message);
    }

    private static void keep(Connection target, TableName table, String column, String text) throws SQLException {
        String sql = "update changeover.loads set " + column + " = ? where schema_name = ? and table_name = ?";
        try (PreparedStatement update = target.prepareStatement(sql)) {
            update.setString(1, text);
            update.setString(2, table.schema());
            update.setString(3, table.name());
            update.executeUpdate();
        }
    }

    /** Every table of the queue, in order of name. */
    public static List<State> states(Connection target) throws SQLException {
        String sql = """
                select schema_name, table_name, l.state = 'done', l.estimated_rows, l.estimated_bytes, l.rows, l.bytes,
                count(p.part), count(p.part) filter (where p.state = 'done'), error, held_lsn is null
                from changeover.loads l left join changeover.load_parts p using (schema_name, table_name)
                group by schema_name, table_name order by schema_name, table_name""";
        List<State> states = new ArrayList<>();
        try (PreparedStatement select = target.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                states.add(new State(
                        new TableName(rows.getString(1), rows.getString(2)),
                        rows.getBoolean(3),
                        rows.getLong(4),
                        rows.getLong(5),
                        rows.getLong(6),
                        rows.getLong(7),
                        rows.getInt(8),
                        rows.getInt(9),
                        Optional.ofNullable(rows.getString(10)),
                        rows.getBoolean(11)));
            }
        }
        return states;
    }

    /**
     * What there is of each table: a table that is not in the map was never meant to be loaded.
     *
     * @param target a connection; what it has read before is not looked at
     */
    public static Map<TableName, Copy> copies(Connection target) throws SQLException {
        String sql = """
                select schema_name, table_name, case when state = 'done' then snapshot end, snapshot_lsn::text,
                held_lsn is not null, replayed from changeover.loads""";
        Map<TableName, Copy> copies = new HashMap<>();
        try (PreparedStatement select = target.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                @Nullable String snapshot = rows.getString(3);
                @Nullable String readAt = rows.getString(4);
                Optional<Snapshot> seen = snapshot == null || readAt == null
                        ? Optional.empty()
                        : Optional.of(Snapshot.parse(snapshot, LogSequenceNumber.valueOf(readAt)));
                Copy.Stream stream = rows.getBoolean(6)
                        ? Copy.Stream.REPLAYED
                        : rows.getBoolean(5) ? Copy.Stream.HELD : Copy.Stream.FOLLOWED;
                copies.put(new TableName(rows.getString(1), rows.getString(2)), new Copy(seen, stream));
            }
        }
        return copies;
    }
}
