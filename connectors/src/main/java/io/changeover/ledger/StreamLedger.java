package io.changeover.ledger;

import io.changeover.contract.Lsns;
import io.changeover.contract.Marker;
import io.changeover.contract.TableCounts;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** How far the target is on each change topic; written in the transactions that apply it. */
public final class StreamLedger {

    /** Parameters: see {@link #bindMove}. */
    private static final String MOVE = """
            update changeover.streams set topic_offset = ?, commit_lsn = ?::pg_lsn,
            committed_at = case when ? > 0 then to_timestamp(0) + ? * interval '1 microsecond' else committed_at end,
            transactions = transactions + ?, groups = groups + 1, changed_at = clock_timestamp()
            where stream = ? and epoch = ?""";

    private static final String ADD_TO_COUNTERS =
            " on conflict (stream, schema_name, table_name) do update set inserts = c.inserts + excluded.inserts,"
                    + " updates = c.updates + excluded.updates, deletes = c.deletes + excluded.deletes,"
                    + " truncates = c.truncates + excluded.truncates";

    private static final String COUNTERS = "insert into changeover.counters as c"
            + " (stream, schema_name, table_name, inserts, updates, deletes, truncates) ";

    /**
     * Parameters: the stream, then a column each of all counts, those of a move, a version. Fails if nothing is moved.
     */
    private static final String COUNT_MOVE_COMMIT = "with counted as (" + COUNTERS
            + "select ?, n.* from unnest(?::text[], ?::text[], ?::int8[], ?::int8[], ?::int8[], ?::int8[]) as n"
            + ADD_TO_COUNTERS + "), moved as (" + MOVE
            + " and loads_version = ? returning 1) select 1 / count(*) from moved; commit";

    private static final List<Function<TableCounts, String>> NAMES =
            List.of(each -> each.table().schema(), each -> each.table().name());

    private static final List<ToLongFunction<TableCounts>> COUNTS =
            List.of(TableCounts::inserts, TableCounts::updates, TableCounts::deletes, TableCounts::truncates);

    private static final String DIVISION_BY_ZERO = "22012";

    private StreamLedger() {}

    /**
     * A position on a stream.
     *
     * @param epoch who may write: the last one that opened the stream
     * @param topicOffset the next record to apply
     * @param commitLsn of the last applied transaction; {@code 0/0} before the first
     */
    public record Position(long epoch, long topicOffset, LogSequenceNumber commitLsn) {}

    /**
     * What people see of a stream.
     *
     * @param transactions source transactions applied
     * @param groups target transactions that applied them
     * @param committedAt when the last one committed, by the source's clock
     */
    public record Progress(
            Position position, long transactions, long groups, Optional<Instant> committedAt, Instant changedAt) {}

    /**
     * Opens a stream for one writer and fences every earlier one: waits until a transaction of theirs that is under way
     * has ended, and makes each later one fail.
     *
     * @param target a connection in auto-commit mode
     */
    public static Position open(Connection target, String stream) throws SQLException {
        String sql = """
                insert into changeover.streams as s (stream, epoch, topic_offset, commit_lsn) values (?, 1, 0, '0/0')
                on conflict (stream) do update set epoch = s.epoch + 1
                returning epoch, topic_offset, commit_lsn::text""";
        try (PreparedStatement upsert = target.prepareStatement(sql)) {
            upsert.setString(1, stream);
            try (ResultSet rows = upsert.executeQuery()) {
                rows.next();
                return new Position(rows.getLong(1), rows.getLong(2), LogSequenceNumber.valueOf(rows.getString(3)));
            }
        }
    }

    /**
     * Opens a stream again for the writer that has it, after it lost its connection: waits until the outcome of a
     * commit of its own that was under way is known.
     *
     * @param target a connection whose transaction the caller ends
     * @param epoch the writer's
     * @return what it has applied, or empty if another writer has opened the stream since
     */
    public static Optional<Position> reopen(Connection target, String stream, long epoch) throws SQLException {
        String sql = """
                select epoch, topic_offset, commit_lsn::text from changeover.streams
                where stream = ? and epoch = ? for update""";
        try (PreparedStatement select = target.prepareStatement(sql)) {
            select.setString(1, stream);
            select.setLong(2, epoch);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Position(
                                rows.getLong(1), rows.getLong(2), LogSequenceNumber.valueOf(rows.getString(3))))
                        : Optional.empty();
            }
        }
    }

    /**
     * Whether no other writer has opened the stream since; takes no lock, so it neither waits nor keeps one waiting.
     */
    public static boolean isOwner(Connection target, String stream, long epoch) throws SQLException {
        String sql = "select exists (select from changeover.streams where stream = ? and epoch = ?)";
        try (PreparedStatement select = target.prepareStatement(sql)) {
            select.setString(1, stream);
            select.setLong(2, epoch);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    /**
     * Moves the position, in the transaction that applied what lies before it.
     *
     * @param next the new position; its epoch must be the writer's
     * @param transactions source transactions applied by this target transaction
     * @param committedAt when the last of them committed, microseconds since 1970; without transactions it stays as it
     *     was
     * @return whether the writer still owns the stream; if not, it must roll back and stop
     */
    public static boolean advance(Connection target, String stream, Position next, long transactions, long committedAt)
            throws SQLException {
        try (PreparedStatement update = target.prepareStatement(MOVE)) {
            bindMove(update, 1, stream, next, transactions, committedAt);
            return update.executeUpdate() == 1;
        }
    }

    /** The number of the parameter behind. */
    private static int bindMove(
            PreparedStatement statement, int first, String stream, Position next, long transactions, long committedAt)
            throws SQLException {
        int number = first;
        statement.setLong(number++, next.topicOffset());
        statement.setString(number++, Lsns.text(next.commitLsn()));
        statement.setLong(number++, transactions);
        statement.setLong(number++, committedAt);
        statement.setLong(number++, transactions);
        statement.setString(number++, stream);
        statement.setLong(number++, next.epoch());
        return number;
    }

    /**
     * Adds to the counters of tables, moves the position and commits: in one message to the server and one back, which
     * is what a distant target makes of every group.
     *
     * @param counts in an order that all writers keep to
     * @param next the new position; its epoch must be the writer's
     * @param transactions source transactions applied by this target transaction
     * @param committedAt as for {@link #advance}
     * @param loadsVersion of the loads that the transaction is made after
     * @return whether the writer still owns the stream, and the loads are of that version; if not, nothing is
     *     committed, and it must roll back
     */
    public static boolean commit(
            Connection target,
            String stream,
            List<TableCounts> counts,
            Position next,
            long transactions,
            long committedAt,
            long loadsVersion)
            throws SQLException {
        try (PreparedStatement statement = target.prepareStatement(COUNT_MOVE_COMMIT)) {
            int number = 1;
            statement.setString(number++, stream);
            for (Function<TableCounts, String> name : NAMES) {
                Object[] texts = counts.stream().map(name).toArray();
                statement.setArray(number++, target.createArrayOf("text", texts));
            }
            for (ToLongFunction<TableCounts> count : COUNTS) {
                Object[] numbers = counts.stream().map(count::applyAsLong).toArray();
                statement.setArray(number++, target.createArrayOf("int8", numbers));
            }
            number = bindMove(statement, number, stream, next, transactions, committedAt);
            statement.setLong(number, loadsVersion);
            statement.execute();
            return true;
        } catch (SQLException e) {
            if (DIVISION_BY_ZERO.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Sets the topic offset back, fences whoever writes, and leaves all else.
     *
     * @return false if there is no such stream, or it is not as far as that
     */
    public static boolean setBack(Connection target, String stream, long topicOffset) throws SQLException {
        String sql = """
                update changeover.streams set topic_offset = ?, epoch = epoch + 1, changed_at = clock_timestamp()
                where stream = ? and topic_offset >= ?""";
        try (PreparedStatement update = target.prepareStatement(sql)) {
            update.setLong(1, topicOffset);
            update.setString(2, stream);
            update.setLong(3, topicOffset);
            return update.executeUpdate() == 1;
        }
    }

    /** Says that markers have been applied, in the transaction that applied what lies before them. */
    public static void recordMarkers(
            Connection target, String stream, Collection<Marker> markers, LogSequenceNumber commitLsn)
            throws SQLException {
        if (markers.isEmpty()) {
            return;
        }
        String sql = "insert into changeover.markers (stream, marker, commit_lsn) values (?, ?, ?::pg_lsn)"
                + " on conflict do nothing";
        try (PreparedStatement insert = target.prepareStatement(sql)) {
            for (Marker marker : markers) {
                insert.setString(1, stream);
                insert.setString(2, marker.id());
                insert.setString(3, commitLsn.asString());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Whether a marker has been applied. */
    public static boolean hasMarker(Connection target, String stream, Marker marker) throws SQLException {
        String sql = "select exists (select from changeover.markers where stream = ? and marker = ?)";
        try (PreparedStatement select = target.prepareStatement(sql)) {
            select.setString(1, stream);
            select.setString(2, marker.id());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    /** Removes markers that were applied some time ago: nobody waits for them any more. */
    public static void forgetMarkers(Connection target, String stream, Duration age) throws SQLException {
        String sql = "delete from changeover.markers where stream = ?"
                + " and applied_at < clock_timestamp() - ? * interval '1 second'";
        try (PreparedStatement delete = target.prepareStatement(sql)) {
            delete.setString(1, stream);
            delete.setLong(2, age.toSeconds());
            delete.executeUpdate();
        }
    }

    /** Adds to the counters of tables, in the transaction that applied the changes. */
    public static void count(Connection target, String stream, Collection<TableCounts> counts) throws SQLException {
        String sql = COUNTERS + "values (?, ?, ?, ?, ?, ?, ?)" + ADD_TO_COUNTERS;
        try (PreparedStatement upsert = target.prepareStatement(sql)) {
            for (TableCounts count : counts) {
                upsert.setString(1, stream);
                upsert.setString(2, count.table().schema());
                upsert.setString(3, count.table().name());
                upsert.setLong(4, count.inserts());
                upsert.setLong(5, count.updates());
                upsert.setLong(6, count.deletes());
                upsert.setLong(7, count.truncates());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    /** How far a stream is, or empty if no sink has opened it yet. */
    public static Optional<Progress> progress(Connection target, String stream) throws SQLException {
        String sql = """
                select epoch, topic_offset, commit_lsn::text, transactions, groups,
                (extract(epoch from committed_at) * 1000)::bigint, (extract(epoch from changed_at) * 1000)::bigint
                from changeover.streams where stream = ?""";
        try (PreparedStatement select = target.prepareStatement(sql)) {
            select.setString(1, stream);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                Position position =
                        new Position(rows.getLong(1), rows.getLong(2), LogSequenceNumber.valueOf(rows.getString(3)));
                long transactions = rows.getLong(4);
                long groups = rows.getLong(5);
                @Nullable Long committedAt = rows.getObject(6, Long.class);
                return Optional.of(new Progress(
                        position,
                        transactions,
                        groups,
                        Optional.ofNullable(committedAt).map(Instant::ofEpochMilli),
                        Instant.ofEpochMilli(rows.getLong(7))));
            }
        }
    }

    /** How many changes have been applied to all tables. */
    public static long changes(Connection target, String stream) throws SQLException {
        String sql = """
                select coalesce(sum(inserts + updates + deletes + truncates), 0)::bigint
                from changeover.counters where stream = ?""";
        try (PreparedStatement select = target.prepareStatement(sql)) {
            select.setString(1, stream);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /** What has been applied to each table, in order of name. */
    public static List<TableCounts> counts(Connection target, String stream) throws SQLException {
        String sql = """
                select schema_name, table_name, inserts, updates, deletes, truncates
                from changeover.counters where stream = ? order by schema_name, table_name""";
        List<TableCounts> counts = new ArrayList<>();
        try (PreparedStatement select = target.prepareStatement(sql)) {
            select.setString(1, stream);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    counts.add(new TableCounts(
                            new TableName(rows.getString(1), rows.getString(2)),
                            rows.getLong(3),
                            rows.getLong(4),
                            rows.getLong(5),
                            rows.getLong(6)));
                }
            }
        }
        return counts;
    }
}
