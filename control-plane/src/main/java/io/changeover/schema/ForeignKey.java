package io.changeover.schema;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A foreign key as it is defined. Those that partitions have from their parent are not listed.
 *
 * @param table the table that refers
 * @param name the constraint's name, unique in its table
 * @param definition {@code FOREIGN KEY (…) REFERENCES …}, with {@code NOT VALID} where that is so
 * @param validated whether it holds for all rows
 * @param partitioned whether the table is: then it cannot be added in two steps
 * @param comment the comment as an SQL literal, {@code null} without one
 */
public record ForeignKey(
        TableName table, String name, String definition, boolean validated, boolean partitioned, String comment) {

    private static final String SQL = """
            select n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid), k.convalidated, c.relkind = 'p',
                   coalesce(quote_literal(obj_description(k.oid, 'pg_constraint')), 'null')
              from pg_constraint k
              join pg_class c on c.oid = k.conrelid
              join pg_namespace n on n.oid = c.relnamespace
             where k.contype = 'f' and coalesce(to_jsonb(k) ->> 'conparentid', '0') = '0'
               and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'changeover')
               and not exists (select from pg_depend d
                                where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
             order by 1, 2, 3""";

    /** Reads them all; the connection has nothing but the catalog on its search path, so names are complete. */
    static List<ForeignKey> read(Connection connection) throws SQLException {
        List<ForeignKey> keys = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SQL)) {
            while (rows.next()) {
                keys.add(new ForeignKey(
                        new TableName(rows.getString(1), rows.getString(2)),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getBoolean(5),
                        rows.getBoolean(6),
                        rows.getString(7)));
            }
        }
        return List.copyOf(keys);
    }

    boolean sameNameAs(ForeignKey other) {
        return table.equals(other.table) && name.equals(other.name);
    }

    /** Whether it is added without a look at the rows, and validated afterwards, which blocks no writer. */
    boolean isValidatedLater() {
        return validated && !partitioned;
    }

    String add() {
        return "alter table " + (partitioned ? "" : "only ") + table.quoted() + " add constraint "
                + Identifier.quote(name) + " " + definition + (isValidatedLater() ? " not valid" : "")
                + "; comment on constraint " + Identifier.quote(name) + " on " + table.quoted() + " is " + comment;
    }

    String validate() {
        return "alter table only " + table.quoted() + " validate constraint " + Identifier.quote(name);
    }

    /** {@code schema.table.name}, for people. */
    @Override
    public String toString() {
        return table + "." + name;
    }
}
