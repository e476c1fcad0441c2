package io.changeover.sink.apply;

import io.changeover.contract.Tuple;
import io.changeover.sink.target.TargetColumn;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/**
 * Where a parameter's value is in a row, and how it goes to the server: as text of no type, which the server's input
 * function of the column reads; a long value of type bytea goes as its bytes, because its text is twice as long and the
 * driver would make another copy of it.
 *
 * @param slot the place in the tuple
 * @param bytea whether the column is of type bytea
 */
record Parameter(int slot, boolean bytea) {

    static Parameter of(TargetColumn column, int slot) {
        return new Parameter(slot, column.type().equals("bytea"));
    }

    void bind(PreparedStatement statement, int number, Tuple row) throws SQLException {
        List<String> parts = row.parts(slot);
        if (bytea && HexBytes.areHex(parts)) {
            statement.setObject(number, new HexBytes(parts));
            return;
        }
        String text = row.value(slot);
        if (text == null) {
            statement.setNull(number, Types.OTHER);
        } else {
            statement.setObject(number, text, Types.OTHER);
        }
    }
}
