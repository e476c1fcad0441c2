package io.changeover.sink.apply;

import io.changeover.contract.Tuple;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.RefusedException;
import io.changeover.sink.group.ChangeSize;
import io.changeover.sink.group.Origin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Executions of one statement that the server gets together. Each of them must change exactly one row. */
final class StatementBatch implements AutoCloseable {

    /** More per batch is no faster. */
    static final int MAX_SIZE = 2000;

    /** Bounds the driver's memory, which holds a second copy of all values. */
    static final long MAX_BYTES = 4 << 20;

    /** What the server says where it has to find exactly one row. */
    private static final String NO_ROW = "02000";

    private static final String SEVERAL_ROWS = "21000";

    private final RowStatement statement;
    private final PreparedStatement prepared;
    private final List<Origin> origins = new ArrayList<>();
    private long bytes;

    StatementBatch(Connection target, RowStatement statement) throws SQLException {
        this.statement = statement;
        this.prepared = target.prepareStatement(statement.sql());
    }

    boolean isOf(RowStatement other) {
        return statement == other || statement.sql().equals(other.sql());
    }

    boolean isFull() {
        return origins.size() >= MAX_SIZE || bytes >= MAX_BYTES;
    }

    void add(Tuple before, Tuple after, Origin origin) throws SQLException {
        statement.bind(prepared, before, after);
        prepared.addBatch();
        origins.add(origin);
        bytes += ChangeSize.of(before) + ChangeSize.of(after);
    }

    /**
     * Sends the batch.
     *
     * @throws FailedChangeException if the server refuses a row
     * @throws RefusedException if a statement changed another number of rows than one
     */
    void execute() throws FailedChangeException {
        try {
            int[] counts = prepared.executeBatch();
            prepared.clearParameters(); // the driver would keep the last row's values until the next row
            requireOneRowEach(counts);
        } catch (SQLException e) {
            throw new FailedChangeException(description(), e);
        }
        origins.clear();
        bytes = 0;
    }

    private void requireOneRowEach(int[] counts) {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 1) {
                throw new RefusedException(
                        counts[i] == 0 ? NO_ROW : SEVERAL_ROWS,
                        "The target has diverged: " + description(i) + " changed " + counts[i]
                                + " rows where the source changed 1. Something other than Changeover writes to the table,"
                                + " or it was not loaded completely: load the table again");
            }
        }
    }

    private String description(int index) {
        return statement.description() + " " + origins.get(index).description();
    }

    /** The driver does not say which of them the server refused. */
    private String description() {
        Origin last = origins.get(origins.size() - 1);
        return origins.get(0).equals(last)
                ? description(0)
                : description(0) + " to " + last.commitLsn().asString() + " (" + origins.size() + " rows)";
    }

    @Override
    public void close() throws SQLException {
        prepared.close();
    }
}
