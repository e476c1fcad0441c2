package io.changeover.load;

import io.changeover.fault.CrashPoint;
import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ReplicaRole;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * A copy of a table whose records come one by one: its rows, and that it is done, are one transaction on the target. Of
 * a table that is loaded already nothing is written. Not thread-safe.
 */
final class ArrivingCopy implements AutoCloseable {

    /** A record that is missing in the topic. */
    static final String INCOMPLETE = "CO-2072";

    private static final String FORMAT = "text: the rows come through a topic";

    private final TopicMessage.Begin begin;
    private final Connection into;
    private final Optional<CopyIn> copy;
    private long pieces;

    private ArrivingCopy(TopicMessage.Begin begin, Connection into, Optional<CopyIn> copy) {
        this.begin = begin;
        this.into = into;
        this.copy = copy;
    }

    /** Claims the table, which is put into the queue if it is not there. */
    static ArrivingCopy begin(ServerSettings target, TopicMessage.Begin begin) throws SQLException {
        TableName table = begin.table().table();
        Connection into = Connections.open(target, "changeover-load");
        try {
            boolean silent = ReplicaRole.take(into);
            LoadLedger.enqueue(into, List.of(begin.table()));
            into.setAutoCommit(false);
            if (!LoadLedger.claim(into, table)) {
                return new ArrivingCopy(begin, into, Optional.empty());
            }
            if (!silent) {
                QuietTable.require(into, table);
            }
            boolean frozen = TargetRows.renew(into, table);
            String sql = new TableColumns(begin.columns()).copyIn(table) + (frozen ? " with (freeze)" : "");
            return new ArrivingCopy(
                    begin,
                    into,
                    Optional.of(into.unwrap(PGConnection.class).getCopyAPI().copyIn(sql)));
        } catch (SQLException | RuntimeException e) {
            into.close();
            throw e;
        }
    }

    TableName table() {
        return begin.table().table();
    }

    /**
     * Writes a piece, unless it was there already: a producer may send a record twice.
     *
     * @throws SQLException if one before it is missing, or the target refuses a row
     */
    void add(TopicMessage.Rows rows) throws SQLException {
        if (rows.number() > pieces + 1) {
            throw missing(table(), "piece " + (pieces + 1) + " of its rows");
        }
        if (rows.number() == pieces + 1) {
            pieces++;
            if (copy.isPresent()) {
                copy.get().writeToCopy(rows.bytes().array(), 0, rows.bytes().remaining());
            }
        }
    }

    /**
     * Makes the table's load final.
     *
     * @throws SQLException if rows are missing, or the target refuses one
     */
    void end(TopicMessage.End end) throws SQLException {
        if (pieces != end.pieces()) {
            throw missing(table(), "piece " + (pieces + 1) + " of " + end.pieces() + " of its rows");
        }
        if (copy.isEmpty()) {
            return;
        }
        long rows = copy.get().endCopy();
        if (rows != end.rows()) {
            throw missing(table(), (end.rows() - rows) + " of its " + end.rows() + " rows");
        }
        begin.definition().note(into);
        LoadLedger.recordFormat(into, table(), FORMAT);
        LoadLedger.finish(into, table(), rows, end.bytes(), begin.snapshot(), begin.readAt());
        CrashPoint.LOAD_BEFORE_ARRIVED.hit();
        into.commit();
        CrashPoint.LOAD_AFTER_ARRIVED.hit();
    }

    /** For a topic that has lost records. */
    static SQLException missing(TableName table, String what) {
        return new SQLException(
                INCOMPLETE + ": the load topic lacks " + what + " of table " + table
                        + ": records were removed before they were read. Remove what is stored of the table in the"
                        + " offsets of the connector that reads it (PATCH …/offsets), and start that again",
                "XX000");
    }

    /** Gives up what is not final. */
    @Override
    public void close() throws SQLException {
        into.close();
    }
}
