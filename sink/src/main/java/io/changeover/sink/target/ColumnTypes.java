package io.changeover.sink.target;

import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what the types of a table's columns are when domains are taken away, of arrays those of the elements. */
public final class ColumnTypes {

    private static final String TYPES = """
            with recursive type (attname, id, in_array) as (
                select a.attname, a.atttypid, false
                from pg_catalog.pg_attribute a
                join pg_catalog.pg_class c on c.oid = a.attrelid
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                where n.nspname = ? and c.relname = ? and a.attnum > 0 and not a.attisdropped
                union all
                select type.attname,
                       case when t.typtype = 'd' then t.typbasetype else t.typelem end,
                       type.in_array or t.typtype <> 'd'
                from type join pg_catalog.pg_type t on t.oid = type.id
                where t.typtype = 'd' or t.typcategory = 'A' and t.typelem <> 0 and t.typlen = -1)
            select type.attname, t.typname, type.in_array, t.typtype = 'e'
            from type join pg_catalog.pg_type t on t.oid = type.id
            where not (t.typtype = 'd' or t.typcategory = 'A' and t.typelem <> 0 and t.typlen = -1)""";

    private static final String EXISTS = "select pg_catalog.to_regclass(?) is not null";

    private ColumnTypes() {}

    /** A table and its types, or empty if the target has no table of the name. */
    public static Optional<TypedTable> read(Connection target, TableName name) throws SQLException {
        if (!exists(target, name)) {
            return Optional.empty();
        }
        Map<String, TargetType> types = new HashMap<>();
        try (PreparedStatement select = target.prepareStatement(TYPES)) {
            select.setString(1, name.schema());
            select.setString(2, name.name());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    types.put(
                            rows.getString(1),
                            new TargetType(rows.getString(2), rows.getBoolean(3), rows.getBoolean(4)));
                }
            }
        }
        return Optional.ofNullable(Catalog.read(target, List.of(name)).get(name))
                .map(table -> new TypedTable(table, types));
    }

    private static boolean exists(Connection target, TableName name) throws SQLException {
        try (PreparedStatement select = target.prepareStatement(EXISTS)) {
            select.setString(1, name.quoted());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }
}
