package io.changeover.sink.rows;

import io.changeover.contract.Tuple;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.RefusedException;
import io.changeover.sink.rows.RowSettings.InsertMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes changes of a table one by one, in the order of their records. */
final class RowsInOrder {

    private final Connection target;
    private final InsertMode mode;
    private final boolean skipsMissing;

    RowsInOrder(Connection target, InsertMode mode, boolean skipsMissing) {
        this.target = target;
        this.mode = mode;
        this.skipsMissing = skipsMissing;
    }

    /**
     * Writes a change.
     *
     * @throws RowRefusedException if the target refuses it, or it changes some columns of a row that is not there
     * @throws FailedChangeException for any other failure of the target
     */
    void write(RowTable table, RowChange change) throws FailedChangeException, RowRefusedException {
        try {
            RowSql sql = table.by(change.key().names());
            switch (change.kind()) {
                case WRITE -> put(sql, change);
                case DELETE -> execute(sql.delete(), change.key(), List.of());
                case MOVE -> move(sql, change);
                case TRUNCATE -> throw new IllegalStateException("A truncate is no row");
            }
        } catch (SQLException e) {
            throw RowRefusedException.of(change, description(change), e);
        } catch (RefusedException e) {
            throw RowRefusedException.of(change, e);
        }
    }

    private void put(RowSql sql, RowChange change) throws SQLException {
        if (mode == InsertMode.INSERT) {
            insert(sql, change);
        } else if (mode == InsertMode.UPDATE) {
            update(sql, change);
        } else if (change.isPartial()) {
            if (update(sql, change) == 0 && !skipsMissing) {
                throw notThere(change);
            }
        } else if (sql.mustReplace()) {
            execute(sql.delete(), change.key(), List.of());
            execute(sql.insert(change.row().names()), change.row(), List.of());
        } else {
            execute(sql.upsert(change.row().names()), change.row(), List.of());
        }
    }

    private void insert(RowSql sql, RowChange change) throws SQLException {
        if (change.isPartial()) {
            throw new RefusedException(
                    "0A000",
                    "CO-2044: " + description(change)
                            + " lacks columns that the source did not send because they were not changed:"
                            + " use insert.mode=upsert and pk.mode=record_key");
        }
        execute(sql.insert(change.row().names()), change.row(), List.of());
    }

    /** How many rows it found. */
    private int update(RowSql sql, RowChange change) throws SQLException {
        List<String> columns = sql.settable(change.row().names());
        return columns.isEmpty()
                ? 1
                : execute(sql.update(columns), values(columns, change.row()), values(change.key()));
    }

    private void move(RowSql sql, RowChange change) throws SQLException {
        execute(sql.deleteIfMoved(), change.key(), values(change.row()));
        execute(sql.update(change.row().names()), change.row(), values(change.key()));
    }

    private int execute(String text, Tuple first, List<@Nullable String> then) throws SQLException {
        return execute(text, values(first), then);
    }

    private int execute(String text, List<@Nullable String> first, List<@Nullable String> then) throws SQLException {
        try (PreparedStatement statement = target.prepareStatement(text)) {
            int number = 1;
            for (@Nullable String value : first) {
                bind(statement, number++, value);
            }
            for (@Nullable String value : then) {
                bind(statement, number++, value);
            }
            return statement.executeUpdate();
        }
    }

    /** As text of no type, which the input function of the column's type reads. */
    private static void bind(PreparedStatement statement, int number, @Nullable String value) throws SQLException {
        if (value == null) {
            statement.setNull(number, Types.OTHER);
        } else {
            statement.setObject(number, value, Types.OTHER);
        }
    }

    private static List<@Nullable String> values(Tuple row) {
        List<@Nullable String> values = new ArrayList<>(row.size());
        for (int i = 0; i < row.size(); i++) {
            values.add(row.value(i));
        }
        return values;
    }

    private static List<@Nullable String> values(List<String> columns, Tuple row) {
        List<@Nullable String> values = new ArrayList<>(columns.size());
        columns.forEach(column -> values.add(row.value(row.indexOf(column))));
        return values;
    }

    private RefusedException notThere(RowChange change) {
        return new RefusedException(
                "02000",
                "CO-2042: " + description(change) + " changes some columns of a row that is not"
                        + " there, and does not tell the others. If the source was restarted, it sends changes again, and the"
                        + " row may have been deleted since: missing.rows=skip passes over it. Otherwise load the table again");
    }

    private String description(RowChange change, String operation) {
        return operation + " " + change.table() + " by record " + change.place();
    }

    private String description(RowChange change) {
        return switch (change.kind()) {
            case WRITE -> description(change, mode == InsertMode.INSERT ? "CO-2048: Insert into" : "Write to");
            case DELETE -> description(change, "Delete from");
            case MOVE -> description(change, "Change of a key in");
            case TRUNCATE -> description(change, "Truncate of");
        };
    }
}
