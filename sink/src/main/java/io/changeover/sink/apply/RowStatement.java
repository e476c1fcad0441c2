package io.changeover.sink.apply;

import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** A statement that changes one row. What is decided per column was decided when it was built: binding is a loop. */
final class RowStatement {

    private final TableName table;
    private final Operation operation;
    private final String sql;
    private final List<Parameter> after;
    private final List<Parameter> before;

    /**
     * A statement.
     *
     * @param sql its text; parameters are values of the new row first, then of the old row
     * @param after those of the new row
     * @param before those of the old row
     */
    RowStatement(TableName table, Operation operation, String sql, List<Parameter> after, List<Parameter> before) {
        this.table = table;
        this.operation = operation;
        this.sql = sql;
        this.after = List.copyOf(after);
        this.before = List.copyOf(before);
    }

    String sql() {
        return sql;
    }

    /** {@code Insert into schema.table}, for messages. */
    String description() {
        return operation.words() + " " + table;
    }

    void bind(PreparedStatement statement, Tuple oldRow, Tuple newRow) throws SQLException {
        int number = 1;
        for (Parameter parameter : after) {
            parameter.bind(statement, number++, newRow);
        }
        for (Parameter parameter : before) {
            parameter.bind(statement, number++, oldRow);
        }
    }
}
