package io.changeover.sink.rows;

import io.changeover.contract.Tuple;
import io.changeover.sink.apply.CopyRows;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.FailurePolicy;
import io.changeover.sink.failure.ServerError;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes many rows of a table at once: deletes, updates, rows that replace others, and new rows by COPY. In the middle
 * of a target transaction, under a savepoint of the caller's.
 */
final class SetsOfRows {

    /** What one statement takes. */
    private static final int MOST_ROWS = 5000;

    private final Connection target;

    SetsOfRows(Connection target) {
        this.target = target;
    }

    /**
     * Writes them.
     *
     * @param requireRows whether each update has to find its row
     * @param byCopy whether rows that are said to be new are taken for it
     */
    void write(RowTable table, RowSql sql, NetRows net, boolean requireRows, boolean byCopy)
            throws SetRefusedException, FailedChangeException {
        try {
            write(sql, net, requireRows, byCopy);
        } catch (SQLException e) {
            String what = "Rows of " + table.table().name();
            if (FailurePolicy.of(e) == FailurePolicy.RETRY) {
                throw new FailedChangeException(what, e);
            }
            throw new SetRefusedException(what + ": " + ServerError.describe(e));
        }
    }

    private void write(RowSql sql, NetRows net, boolean requireRows, boolean byCopy)
            throws SQLException, SetRefusedException {
        List<Tuple> deletes = new ArrayList<>(net.deletes());
        List<Tuple> replaced = new ArrayList<>(net.replaced());
        List<Tuple> fresh = new ArrayList<>();
        (byCopy ? fresh : replaced).addAll(net.fresh());
        execute(sql.deletes(), deletes, sql, List.of());
        for (List<NetRows.Update> updates : byColumns(net.updates())) {
            update(sql, updates, requireRows);
        }
        for (List<Tuple> rows : sameColumns(replaced)) {
            List<String> columns = rows.get(0).names();
            requireCastable(sql, columns);
            execute(sql.upserts(columns), rows, sql, columns);
        }
        for (List<Tuple> rows : sameColumns(fresh)) {
            copy(sql, rows);
        }
    }

    private void update(RowSql sql, List<NetRows.Update> updates, boolean requireRows)
            throws SQLException, SetRefusedException {
        List<String> key = updates.get(0).key().names();
        List<String> columns = sql.settable(updates.get(0).values().names());
        if (columns.isEmpty()) {
            return;
        }
        requireCastable(sql, columns);
        List<Tuple> rows = updates.stream()
                .map(each -> join(key, each.key(), columns, each.values()))
                .toList();
        long found = execute(sql.updates(columns), rows, sql, rows.get(0).names());
        if (requireRows && found != rows.size()) {
            throw new SetRefusedException("a row is not there");
        }
    }

    private static Tuple join(List<String> keyNames, Tuple key, List<String> columns, Tuple values) {
        Tuple.Builder row = new Tuple.Builder(keyNames.size() + columns.size());
        for (int i = 0; i < keyNames.size(); i++) {
            row.add(keyNames.get(i), key.value(i));
        }
        columns.forEach(column -> row.add(column, values.value(values.indexOf(column))));
        return row.build();
    }

    private long execute(String text, List<Tuple> rows, RowSql sql, List<String> columns)
            throws SQLException, SetRefusedException {
        if (rows.isEmpty()) {
            return 0;
        }
        requireCastable(sql, columns);
        long changed = 0;
        try (PreparedStatement statement = target.prepareStatement(text)) {
            for (int from = 0; from < rows.size(); from += MOST_ROWS) {
                bind(statement, rows.subList(from, Math.min(rows.size(), from + MOST_ROWS)));
                changed += statement.executeLargeUpdate();
            }
        }
        return changed;
    }

    private void bind(PreparedStatement statement, List<Tuple> rows) throws SQLException {
        int columns = rows.get(0).size();
        for (int column = 0; column < columns; column++) {
            @Nullable String[] values = new String[rows.size()];
            for (int row = 0; row < values.length; row++) {
                values[row] = rows.get(row).value(column);
            }
            statement.setArray(column + 1, target.createArrayOf("text", values));
        }
    }

    private void copy(RowSql sql, List<Tuple> rows) throws SQLException {
        CopyIn copy = target.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(sql.copy(rows.get(0).names()));
        try {
            CopyRows out = new CopyRows(copy);
            for (Tuple row : rows) {
                for (int column = 0; column < row.size(); column++) {
                    out.value(row.value(column));
                }
                out.endRow();
            }
            out.end();
        } catch (SQLException | RuntimeException e) {
            cancel(copy, e);
            throw e;
        }
    }

    /** On a connection that is lost there is nothing to cancel; the cause is what counts. */
    private static void cancel(CopyIn copy, Exception cause) {
        try {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static void requireCastable(RowSql sql, List<String> columns) throws SetRefusedException {
        if (!sql.isCastable(columns)) {
            throw new SetRefusedException("a column's type has a cast of its own");
        }
    }

    private static Iterable<List<Tuple>> sameColumns(List<Tuple> rows) {
        Map<List<String>, List<Tuple>> groups = new LinkedHashMap<>();
        rows.forEach(row ->
                groups.computeIfAbsent(row.names(), names -> new ArrayList<>()).add(row));
        return groups.values();
    }

    private static Iterable<List<NetRows.Update>> byColumns(List<NetRows.Update> updates) {
        Map<List<String>, List<NetRows.Update>> groups = new LinkedHashMap<>();
        updates.forEach(each -> groups.computeIfAbsent(each.values().names(), names -> new ArrayList<>())
                .add(each));
        return groups.values();
    }
}
