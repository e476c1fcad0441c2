package io.changeover.ledger;

import io.changeover.ledger.StreamLedger.Position;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Tables that are loaded again while a stream goes on. Whoever changes lines of both locks those of the loads first,
 * then the stream's.
 *
 * <p>States of such a table, and what moves them:
 *
 * <ul>
 *   <li>held, from {@link #begin} on: the stream passes its changes over; it is in the queue of loads. Its new copy has
 *       seen every transaction that the stream had passed until then
 *   <li>held, and its copy is there: the stream notices it, and {@link #replay} sends it back to where it began to pass
 *       the table over
 *   <li>replayed: up to where the stream was, changes of other tables are on the target and are passed over; of this
 *       one the stream applies those that its copy has not seen
 *   <li>followed as every other one, when the stream is there again and has called {@link #end}
 * </ul>
 */
public final class ReloadLedger {

    private ReloadLedger() {}

    /**
     * What a stream knows of the loads.
     *
     * @param version changes with every {@link #begin}, and what was applied before must not be committed after it
     * @param replayTo up to here only tables that are replayed lack changes; empty: nothing is replayed
     */
    public record Look(long version, Optional<LogSequenceNumber> replayTo) {}

    /**
     * Puts a table into the queue of loads, where it may never have been, and has the stream pass it over.
     *
     * @param target a connection whose transaction has the table for itself and has emptied it
     * @throws SQLException with SQLSTATE 55P03 if a loader has it
     */
    public static void begin(Connection target, String stream, LoadLedger.Entry entry) throws SQLException {
        TableName table = entry.table();
        lock(target, table);
        LoadLedger.enqueue(target, List.of(entry));
        LoadLedger.again(target, table);
        QuarantineLedger.forget(target, stream, table);
        String sql = """
                with s as (update changeover.streams set loads_version = loads_version + 1 where stream = ?
                    returning topic_offset, commit_lsn)
                update changeover.loads l set replayed = false,
                held_offset = case when held_lsn <= s.commit_lsn then held_offset else s.topic_offset end,
                held_lsn = least(held_lsn, s.commit_lsn)
                from s where schema_name = ? and table_name = ?""";
        try (PreparedStatement update = target.prepareStatement(sql)) {
            update.setString(1, stream);
            update.setString(2, table.schema());
            update.setString(3, table.name());
            update.executeUpdate(); // of no line if no sink has opened the stream, which then waits for the load
        }
    }

    /** A loader has the line while it has the table. */
    private static void lock(Connection target, TableName table) throws SQLException {
        String sql = "select from changeover.loads where schema_name = ? and table_name = ? for update nowait";
        try (PreparedStatement select = target.prepareStatement(sql)) {
            select.setString(1, table.schema());
            select.setString(2, table.name());
            select.executeQuery().close();
        }
    }

    /**
     * Where the stream was when it began to pass a table over.
     *
     * @return empty if it does not
     */
    public static Optional<LogSequenceNumber> heldFrom(Connection target, TableName table) throws SQLException {
        String sql = "select held_lsn::text from changeover.loads where schema_name = ? and table_name = ?"
                + " and held_lsn is not null";
        try (PreparedStatement select = target.prepareStatement(sql)) {
            select.setString(1, table.schema());
            select.setString(2, table.name());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(LogSequenceNumber.valueOf(rows.getString(1))) : Optional.empty();
            }
        }
    }

    /** Tables that are not loaded, or not followed again yet, in order of name. */
    public static List<TableName> underWay(Connection target) throws SQLException {
        return LoadLedger.states(target).stream()
                .filter(state -> !state.done() || !state.followed())
                .map(LoadLedger.State::table)
                .toList();
    }

    /** What a stream has to know beside the copies; to be read before them. */
    public static Look look(Connection target, String stream) throws SQLException {
        String sql = "select loads_version, replay_to::text from changeover.streams where stream = ?";
        try (PreparedStatement select = target.prepareStatement(sql)) {
            select.setString(1, stream);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw new SQLException("The ledger knows no stream " + stream);
                }
                @Nullable String replayTo = rows.getString(2);
                return new Look(rows.getLong(1), Optional.ofNullable(replayTo).map(LogSequenceNumber::valueOf));
            }
        }
    }

    /**
     * Sends a stream that replays nothing back for the tables that are held and whose copies are there.
     *
     * @param at where its owner is
     * @return where it is then, or empty if there is no such table or somebody else owns it; the caller rolls back then
     */
    public static Optional<Position> replay(Connection target, String stream, Position at) throws SQLException {
        String held = """
                update changeover.loads set replayed = true where held_lsn is not null and state = 'done'
                returning held_offset, held_lsn::text""";
        Optional<Position> from = Optional.empty();
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery(held)) {
            while (rows.next()) {
                Position begin =
                        new Position(at.epoch(), rows.getLong(1), LogSequenceNumber.valueOf(rows.getString(2)));
                if (from.isEmpty() || begin.topicOffset() < from.get().topicOffset()) {
                    from = Optional.of(begin);
                }
            }
        }
        return from.isPresent() && sendBack(target, stream, at, from.get()) ? from : Optional.empty();
    }

    private static boolean sendBack(Connection target, String stream, Position at, Position to) throws SQLException {
        String sql = """
                update changeover.streams set topic_offset = ?, commit_lsn = ?::pg_lsn, replay_to = ?::pg_lsn,
                changed_at = clock_timestamp() where stream = ? and epoch = ? and replay_to is null""";
        try (PreparedStatement update = target.prepareStatement(sql)) {
            update.setLong(1, to.topicOffset());
            update.setString(2, to.commitLsn().asString());
            update.setString(3, at.commitLsn().asString());
            update.setString(4, stream);
            update.setLong(5, at.epoch());
            return update.executeUpdate() == 1;
        }
    }

    /**
     * Ends the replay of a stream that is where it was before.
     *
     * @return whether its owner still owns it; if not, the caller rolls back
     */
    public static boolean end(Connection target, String stream, long epoch) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute("update changeover.loads set replayed = false, held_offset = null, held_lsn = null"
                    + " where replayed");
        }
        String sql = "update changeover.streams set replay_to = null where stream = ? and epoch = ?";
        try (PreparedStatement update = target.prepareStatement(sql)) {
            update.setString(1, stream);
            update.setLong(2, epoch);
            return update.executeUpdate() == 1;
        }
    }
}
