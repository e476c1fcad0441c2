package io.changeover.bench.apply;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.postgresql.replication.LogSequenceNumber;

/** Asks a target, by a prepared statement, up to where of the source's WAL it has applied. Not thread-safe. */
final class TargetPosition implements ApplySide.Position, AutoCloseable {

    private static final String STREAM = "select commit_lsn::text from changeover.streams where stream = ?";

    private static final String SUBSCRIPTION = """
            select remote_lsn::text from pg_replication_origin_status
            where external_id = (select 'pg_' || oid from pg_subscription where subname = ?)""";

    private static final String LEDGER = "select to_regclass('changeover.streams') is not null";

    private final Connection connection;
    private final String name;
    private final String sql;
    private final Timeline timeline;
    private boolean isThere;

    private TargetPosition(Connection connection, String name, String sql, Timeline timeline, boolean isThere) {
        this.connection = connection;
        this.name = name;
        this.sql = sql;
        this.timeline = timeline;
        this.isThere = isThere;
    }

    /** The position of our sink, which may not have begun. */
    static TargetPosition ofStream(ServerSettings target, String stream, Timeline timeline) throws SQLException {
        return new TargetPosition(Connections.open(target, "changeover-bench"), stream, STREAM, timeline, false);
    }

    /** The position of a subscription. */
    static TargetPosition ofSubscription(ServerSettings administrator, String name, Timeline timeline)
            throws SQLException {
        return new TargetPosition(
                Connections.open(administrator, "changeover-bench"), name, SUBSCRIPTION, timeline, true);
    }

    @Override
    public long applied() throws SQLException {
        if (!isThere) {
            isThere = ask(LEDGER, "").equals("t");
        }
        return isThere ? timeline.changesUpTo(LogSequenceNumber.valueOf(ask(sql, name))) : 0;
    }

    private String ask(String question, String value) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(question)) {
            if (!value.isEmpty()) {
                select.setString(1, value);
            }
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? rows.getString(1) : "0/0";
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
