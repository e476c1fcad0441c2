package io.changeover.definition;

import io.changeover.contract.ColumnDefinition;
import io.changeover.contract.ColumnDefinition.Earlier;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;

/** Looks whether rows that were there before a column was added have in it what the source's have. */
public final class EarlierRows {

    private EarlierRows() {}

    /** Whether any row of the target has something else than the source gave to all of them. Reads all rows. */
    public static boolean differ(Connection target, TableName table, ColumnDefinition column) throws SQLException {
        String sql = "select exists (select from " + table.quoted() + " as t where t." + Identifier.quote(column.name())
                + "::text is distinct from ?::text)";
        try (PreparedStatement select = target.prepareStatement(sql)) {
            if (column.earlier() == Earlier.CONSTANT) {
                select.setString(1, column.value());
            } else {
                select.setNull(1, Types.VARCHAR);
            }
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }
}
