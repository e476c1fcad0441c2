package io.changeover.sink.apply;

import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/**
 * A statement that changes one row. What is decided per column was decided when it was built: binding is a loop. Values
 * are bound as text of no type, so that the server's input function of the column reads them.
 */
final class RowStatement {

    private final TableName table;
    private final Operation operation;
    private final String sql;
    private final int[] afterSlots;
    private final int[] beforeSlots;

    /**
     * A statement.
     *
     * @param sql its text; parameters are values of the new row first, then of the old row
     * @param afterSlots which columns of the new row, by their place in the tuple
     * @param beforeSlots which columns of the old row
     */
    RowStatement(
            TableName table, Operation operation, String sql, List<Integer> afterSlots, List<Integer> beforeSlots) {
        this.table = table;
        this.operation = operation;
        this.sql = sql;
        this.afterSlots = afterSlots.stream().mapToInt(Integer::intValue).toArray();
        this.beforeSlots = beforeSlots.stream().mapToInt(Integer::intValue).toArray();
    }

    String sql() {
        return sql;
    }

    /** {@code Insert into schema.table}, for messages. */
    String description() {
        return operation.words() + " " + table;
    }

    void bind(PreparedStatement statement, Tuple before, Tuple after) throws SQLException {
        int parameter = 1;
        for (int slot : afterSlots) {
            bind(statement, parameter++, after, slot);
        }
        for (int slot : beforeSlots) {
            bind(statement, parameter++, before, slot);
        }
    }

    private static void bind(PreparedStatement statement, int parameter, Tuple row, int slot) throws SQLException {
        String text = row.value(slot);
        if (text == null) {
            statement.setNull(parameter, Types.OTHER);
        } else {
            statement.setObject(parameter, text, Types.OTHER);
        }
    }
}
