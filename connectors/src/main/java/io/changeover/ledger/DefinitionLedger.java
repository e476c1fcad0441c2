package io.changeover.ledger;

import io.changeover.definition.AcceptedDefinition;
import io.changeover.postgres.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Of which definition of the source the rows of the target's tables are: what their copy was made of, or a later one.
 */
public final class DefinitionLedger {

    private static final String SELECT = """
            select schema_name, table_name, number, column_name, type, target_number, dropped
            from changeover.definitions where %s order by schema_name, table_name, place""";

    private DefinitionLedger() {}

    /** All of them. */
    public static Map<TableName, AcceptedDefinition> read(Connection target) throws SQLException {
        try (PreparedStatement select = target.prepareStatement(SELECT.formatted("true"))) {
            return definitions(select);
        }
    }

    /** That of one table; empty if nobody has noted it, or the ledger is an older one. */
    public static Optional<AcceptedDefinition> read(Connection target, TableName table) throws SQLException {
        try (PreparedStatement select =
                target.prepareStatement(SELECT.formatted("schema_name = ? and table_name = ?"))) {
            select.setString(1, table.schema());
            select.setString(2, table.name());
            return Optional.ofNullable(definitions(select).get(table));
        }
    }

    private static Map<TableName, AcceptedDefinition> definitions(PreparedStatement select) throws SQLException {
        Map<TableName, List<AcceptedDefinition.Column>> columns = new LinkedHashMap<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                columns.computeIfAbsent(new TableName(rows.getString(1), rows.getString(2)), table -> new ArrayList<>())
                        .add(new AcceptedDefinition.Column(
                                rows.getInt(3),
                                rows.getString(4),
                                rows.getString(5),
                                rows.getInt(6),
                                rows.getBoolean(7)));
            }
        }
        Map<TableName, AcceptedDefinition> definitions = new LinkedHashMap<>();
        columns.forEach((table, list) -> definitions.put(table, new AcceptedDefinition(table, list)));
        return definitions;
    }

    /** Replaces that of a table, in the transaction that writes its rows. */
    public static void write(Connection target, AcceptedDefinition definition) throws SQLException {
        List<AcceptedDefinition.Column> columns = definition.columns();
        String delete = "delete from changeover.definitions where schema_name = ? and table_name = ?";
        String insert = """
                insert into changeover.definitions
                (schema_name, table_name, place, number, column_name, type, target_number, dropped)
                select ?, ?, c.place, c.number, c.name, c.type, c.target, c.dropped
                from unnest(?::int[], ?::text[], ?::text[], ?::int[], ?::boolean[])
                with ordinality as c (number, name, type, target, dropped, place)
                on conflict (schema_name, table_name, place) do update set number = excluded.number,
                column_name = excluded.column_name, type = excluded.type, target_number = excluded.target_number,
                dropped = excluded.dropped, accepted_at = excluded.accepted_at""";
        try (PreparedStatement old = target.prepareStatement(delete);
                PreparedStatement replacement = target.prepareStatement(insert)) {
            old.setString(1, definition.table().schema());
            old.setString(2, definition.table().name());
            old.executeUpdate();
            replacement.setString(1, definition.table().schema());
            replacement.setString(2, definition.table().name());
            replacement.setArray(3, array(target, "int4", columns.stream().map(AcceptedDefinition.Column::number)));
            replacement.setArray(4, array(target, "text", columns.stream().map(AcceptedDefinition.Column::name)));
            replacement.setArray(5, array(target, "text", columns.stream().map(AcceptedDefinition.Column::type)));
            replacement.setArray(6, array(target, "int4", columns.stream().map(AcceptedDefinition.Column::target)));
            replacement.setArray(7, array(target, "bool", columns.stream().map(AcceptedDefinition.Column::dropped)));
            replacement.executeUpdate();
        }
    }

    private static Array array(Connection target, String type, Stream<?> values) throws SQLException {
        return target.createArrayOf(type, values.toArray());
    }

    /** Another number whenever a definition was accepted. */
    public static long version(Connection target) throws SQLException {
        String sql = "select (coalesce(sum((extract(epoch from accepted_at) * 1000000)::bigint::numeric), 0)"
                + " % 9000000000000000000)::bigint from changeover.definitions";
        try (PreparedStatement select = target.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Nothing is known of a table any more. */
    public static void forget(Connection target, TableName table) throws SQLException {
        try (PreparedStatement delete = target.prepareStatement(
                "delete from changeover.definitions where schema_name = ? and table_name = ?")) {
            delete.setString(1, table.schema());
            delete.setString(2, table.name());
            delete.executeUpdate();
        }
    }
}
