package io.changeover.sink.apply;

import io.changeover.contract.Tuple;
import io.changeover.sink.failure.FailedChangeException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.postgresql.replication.LogSequenceNumber;

/** Executions of one statement that the server gets together. Each of them must change exactly one row. */
final class StatementBatch implements AutoCloseable {

    /** Bounds the driver's memory; more per batch is no faster. */
    static final int MAX_SIZE = 2000;

    private final RowStatement statement;
    private final PreparedStatement prepared;
    private final List<LogSequenceNumber> commits = new ArrayList<>();

    StatementBatch(Connection target, RowStatement statement) throws SQLException {
        this.statement = statement;
        this.prepared = target.prepareStatement(statement.sql());
    }

    boolean isOf(RowStatement other) {
        return statement == other || statement.sql().equals(other.sql());
    }

    boolean isFull() {
        return commits.size() >= MAX_SIZE;
    }

    void add(Tuple before, Tuple after, LogSequenceNumber commitLsn) throws SQLException {
        statement.bind(prepared, before, after);
        prepared.addBatch();
        commits.add(commitLsn);
    }

    /**
     * Sends the batch.
     *
     * @throws FailedChangeException if the server refuses a row
     * @throws ConnectException if a statement changed another number of rows than one
     */
    void execute() throws FailedChangeException {
        try {
            requireOneRowEach(prepared.executeBatch());
        } catch (SQLException e) {
            throw new FailedChangeException(description(), e);
        }
        commits.clear();
    }

    private void requireOneRowEach(int[] counts) {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 1) {
                throw new ConnectException("The target has diverged: " + description(i) + " changed " + counts[i]
                        + " rows where the source changed 1. Something other than Changeover writes to the table,"
                        + " or it was not loaded completely: load the table again");
            }
        }
    }

    private String description(int index) {
        return statement.description() + " at commit LSN " + commits.get(index).asString();
    }

    /** The driver does not say which of them the server refused. */
    private String description() {
        String last = commits.get(commits.size() - 1).asString();
        return commits.get(0).asString().equals(last)
                ? description(0)
                : description(0) + " to " + last + " (" + commits.size() + " rows)";
    }

    @Override
    public void close() throws SQLException {
        prepared.close();
    }
}
