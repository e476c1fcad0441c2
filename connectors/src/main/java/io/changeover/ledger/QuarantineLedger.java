package io.changeover.ledger;

import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Changes that could not be applied: of each table the first one, without its values. While there is one, the target is
 * not what the source is, and nobody may switch to it.
 *
 * <p>States of an entry: STOPPED until the change is applied after all, then it is gone; SET_ASIDE until the table is
 * released; SKIPPED for good.
 */
public final class QuarantineLedger {

    private static final String DEFINITION = "definition";

    private QuarantineLedger() {}

    /** What became of a change that could not be applied. */
    public enum State {
        /** The stream stands before it. */
        STOPPED("stopped"),
        /** The stream goes on without its table. */
        SET_ASIDE("set aside"),
        /** It was left out, because the configuration says so. */
        SKIPPED("skipped");

        private final String word;

        State(String word) {
            this.word = word;
        }

        /** As the ledger has it. */
        public String word() {
            return word;
        }

        static State of(String word) {
            for (State state : values()) {
                if (state.word.equals(word)) {
                    return state;
                }
            }
            throw new IllegalStateException("The ledger holds a state of the quarantine that is not known: " + word);
        }
    }

    /**
     * A change that could not be applied.
     *
     * @param operation insert, update, delete, truncate, or commit for a constraint that is checked there
     * @param keyHash sha-256 of its key's text, in hex; empty where there is no row
     * @param topicOffset from which the topic is read on behind its source transaction
     * @param message without values
     */
    public record Failure(
            State state,
            TableName table,
            String operation,
            String keyHash,
            long topicOffset,
            LogSequenceNumber commitLsn,
            long xid,
            String sqlState,
            String message) {}

    /**
     * A line of the quarantine.
     *
     * @param failures how often it was tried in vain
     * @param heldBack changes of a table that is set aside which were not applied, this one among them
     */
    public record Entry(Failure failure, long failures, long heldBack, Instant failedAt) {

        /** Whether the stream waits for the target's definition, and for no row. */
        public boolean isOfDefinition() {
            return failure.operation().equals(DEFINITION);
        }

        /** The same with another message. */
        public Entry saying(String message) {
            Failure other = new Failure(
                    failure.state(),
                    failure.table(),
                    failure.operation(),
                    failure.keyHash(),
                    failure.topicOffset(),
                    failure.commitLsn(),
                    failure.xid(),
                    failure.sqlState(),
                    message);
            return new Entry(other, failures, heldBack, failedAt);
        }
    }

    /** Adds a failure, or counts it if it is known. */
    public static void record(Connection target, String stream, Failure failure) throws SQLException {
        String sql = """
                insert into changeover.quarantine as q (stream, schema_name, table_name, state, operation, key_hash,
                topic_offset, commit_lsn, xid, sqlstate, message) values (?, ?, ?, ?, ?, ?, ?, ?::pg_lsn, ?, ?, ?)
                on conflict (stream, schema_name, table_name) do update set state = excluded.state,
                failures = case when (q.commit_lsn, q.operation, q.key_hash)
                    = (excluded.commit_lsn, excluded.operation, excluded.key_hash) then q.failures + 1 else 1 end,
                failed_at = case when (q.commit_lsn, q.operation, q.key_hash)
                    = (excluded.commit_lsn, excluded.operation, excluded.key_hash) then q.failed_at
                    else excluded.failed_at end,
                operation = excluded.operation, key_hash = excluded.key_hash, topic_offset = excluded.topic_offset,
                commit_lsn = excluded.commit_lsn, xid = excluded.xid, sqlstate = excluded.sqlstate,
                message = excluded.message""";
        try (PreparedStatement upsert = target.prepareStatement(sql)) {
            upsert.setString(1, stream);
            upsert.setString(2, failure.table().schema());
            upsert.setString(3, failure.table().name());
            upsert.setString(4, failure.state().word());
            upsert.setString(5, failure.operation());
            upsert.setString(6, failure.keyHash());
            upsert.setLong(7, failure.topicOffset());
            upsert.setString(8, failure.commitLsn().asString());
            upsert.setLong(9, failure.xid());
            upsert.setString(10, failure.sqlState());
            upsert.setString(11, failure.message());
            upsert.executeUpdate();
        }
    }

    /** A stream stands before one change only: forgets all but that of one table. */
    public static void clearOthers(Connection target, String stream, TableName table) throws SQLException {
        String sql = """
                delete from changeover.quarantine
                where stream = ? and state = 'stopped' and (schema_name, table_name) <> (?, ?)""";
        try (PreparedStatement delete = target.prepareStatement(sql)) {
            delete.setString(1, stream);
            delete.setString(2, table.schema());
            delete.setString(3, table.name());
            delete.executeUpdate();
        }
    }

    /**
     * Forgets changes before which a stream stood, up to a position that it has reached.
     *
     * @return how many
     */
    public static int clear(Connection target, String stream, LogSequenceNumber upTo) throws SQLException {
        String sql = "delete from changeover.quarantine where stream = ? and state = 'stopped'"
                + " and commit_lsn <= ?::pg_lsn";
        try (PreparedStatement delete = target.prepareStatement(sql)) {
            delete.setString(1, stream);
            delete.setString(2, upTo.asString());
            return delete.executeUpdate();
        }
    }

    /**
     * Forgets changes before which a stream stood, up to a record of its topic.
     *
     * @param upTo from which the topic is read on
     * @return how many
     */
    public static int clear(Connection target, String stream, long upTo) throws SQLException {
        String sql = "delete from changeover.quarantine where stream = ? and state = 'stopped' and topic_offset <= ?";
        try (PreparedStatement delete = target.prepareStatement(sql)) {
            delete.setString(1, stream);
            delete.setLong(2, upTo);
            return delete.executeUpdate();
        }
    }

    /**
     * Counts changes of a table that is set aside, or that were left out.
     *
     * @return whether it still is: somebody may have released it, and then these changes have to be looked at again
     */
    public static boolean holdBack(Connection target, String stream, TableName table, long changes)
            throws SQLException {
        String sql = "update changeover.quarantine set held_back = held_back + ?"
                + " where stream = ? and schema_name = ? and table_name = ? and state in ('set aside', 'skipped')";
        try (PreparedStatement update = target.prepareStatement(sql)) {
            update.setLong(1, changes);
            update.setString(2, stream);
            update.setString(3, table.schema());
            update.setString(4, table.name());
            return update.executeUpdate() == 1;
        }
    }

    /** Everything in the quarantine of a stream, in order of table. */
    public static List<Entry> entries(Connection target, String stream) throws SQLException {
        String sql = """
                select state, schema_name, table_name, operation, key_hash, topic_offset, commit_lsn::text, xid,
                sqlstate, message, failures, held_back, (extract(epoch from failed_at) * 1000)::bigint
                from changeover.quarantine where stream = ? order by schema_name, table_name""";
        List<Entry> entries = new ArrayList<>();
        try (PreparedStatement select = target.prepareStatement(sql)) {
            select.setString(1, stream);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    entries.add(new Entry(
                            failure(rows), rows.getLong(11), rows.getLong(12), Instant.ofEpochMilli(rows.getLong(13))));
                }
            }
        }
        return entries;
    }

    private static Failure failure(ResultSet rows) throws SQLException {
        return new Failure(
                State.of(rows.getString(1)),
                new TableName(rows.getString(2), rows.getString(3)),
                rows.getString(4),
                rows.getString(5),
                rows.getLong(6),
                LogSequenceNumber.valueOf(rows.getString(7)),
                rows.getLong(8),
                rows.getString(9),
                rows.getString(10));
    }

    /**
     * Forgets the change of a table that could not be applied.
     *
     * @return whether there was one
     */
    static boolean forget(Connection target, String stream, TableName table) throws SQLException {
        String sql = "delete from changeover.quarantine where stream = ? and schema_name = ? and table_name = ?";
        try (PreparedStatement delete = target.prepareStatement(sql)) {
            delete.setString(1, stream);
            delete.setString(2, table.schema());
            delete.setString(3, table.name());
            return delete.executeUpdate() > 0;
        }
    }

    /** Counts held-back changes of several tables; the first one that is not set aside any more, or empty. */
    public static Optional<TableName> holdBack(Connection target, String stream, Map<TableName, Long> changes)
            throws SQLException {
        for (Map.Entry<TableName, Long> each : changes.entrySet()) {
            if (!holdBack(target, stream, each.getKey(), each.getValue())) {
                return Optional.of(each.getKey());
            }
        }
        return Optional.empty();
    }
}
