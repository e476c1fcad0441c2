package io.changeover.ledger;

import io.changeover.definition.AcceptedDefinition;
import io.changeover.postgres.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
            select schema_name, table_name, number, column_name, type, target_number, dropped, relation, target_relation
            from changeover.definitions where %s order by schema_name, table_name, place""";

    private record Oids(long source, long target) {}

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

    /** Those of tables that are or were called so, or have one of these oids. */
    public static List<AcceptedDefinition> readAbout(Connection target, TableName table, long source, long onTarget)
            throws SQLException {
        try (PreparedStatement select = target.prepareStatement(SELECT.formatted("(schema_name, table_name) in"
                + " (select schema_name, table_name from changeover.definitions where (schema_name, table_name) = (?, ?)"
                + " or (relation = ? and relation <> 0) or (target_relation = ? and target_relation <> 0))"))) {
            select.setString(1, table.schema());
            select.setString(2, table.name());
            select.setLong(3, source);
            select.setLong(4, onTarget);
            return List.copyOf(definitions(select).values());
        }
    }

    private static Map<TableName, AcceptedDefinition> definitions(PreparedStatement select) throws SQLException {
        Map<TableName, List<AcceptedDefinition.Column>> columns = new LinkedHashMap<>();
        Map<TableName, Oids> oids = new HashMap<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                TableName name = new TableName(rows.getString(1), rows.getString(2));
                oids.put(name, new Oids(rows.getLong(8), rows.getLong(9)));
                columns.computeIfAbsent(name, table -> new ArrayList<>())
                        .add(new AcceptedDefinition.Column(
                                rows.getInt(3),
                                rows.getString(4),
                                rows.getString(5),
                                rows.getInt(6),
                                rows.getBoolean(7)));
            }
        }
        Map<TableName, AcceptedDefinition> definitions = new LinkedHashMap<>();
        oids.forEach((table, of) -> definitions.put(
                table,
                new AcceptedDefinition(table, of.source(), of.target(), columns.getOrDefault(table, List.of()))));
        return definitions;
    }

    /**
     * Replaces what a table's rows were of. If it has got another's name, that other one, which still has to be told,
     * is kept under the name that has become free.
     *
     * @param all what is known about the name and the table
     * @param before what its rows were of; empty if that was not known
     */
    public static void replace(
            Connection target,
            Collection<AcceptedDefinition> all,
            Optional<AcceptedDefinition> before,
            AcceptedDefinition next)
            throws SQLException {
        Optional<TableName> free = before.map(AcceptedDefinition::table).filter(name -> !name.equals(next.table()));
        if (free.isPresent()) {
            forget(target, free.get());
            for (AcceptedDefinition each : all) {
                if (each.table().equals(next.table())) {
                    write(target, each.called(free.get()));
                }
            }
        }
        write(target, next);
    }

    /** Replaces that of a table, in the transaction that writes its rows. */
    public static void write(Connection target, AcceptedDefinition definition) throws SQLException {
        List<AcceptedDefinition.Column> columns = definition.columns();
        String delete = "delete from changeover.definitions where schema_name = ? and table_name = ?";
        String insert = """
                insert into changeover.definitions
                (schema_name, table_name, relation, target_relation, place, number, column_name, type, target_number,
                dropped)
                select ?, ?, ?, ?, c.place, c.number, c.name, c.type, c.target, c.dropped
                from unnest(?::int[], ?::text[], ?::text[], ?::int[], ?::boolean[])
                with ordinality as c (number, name, type, target, dropped, place)
                on conflict (schema_name, table_name, place) do update set relation = excluded.relation,
                target_relation = excluded.target_relation, number = excluded.number,
                column_name = excluded.column_name, type = excluded.type, target_number = excluded.target_number,
                dropped = excluded.dropped, accepted_at = excluded.accepted_at""";
        try (PreparedStatement old = target.prepareStatement(delete);
                PreparedStatement replacement = target.prepareStatement(insert)) {
            old.setString(1, definition.table().schema());
            old.setString(2, definition.table().name());
            old.executeUpdate();
            replacement.setString(1, definition.table().schema());
            replacement.setString(2, definition.table().name());
            replacement.setLong(3, definition.source());
            replacement.setLong(4, definition.target());
            replacement.setArray(5, array(target, "int4", columns.stream().map(AcceptedDefinition.Column::number)));
            replacement.setArray(6, array(target, "text", columns.stream().map(AcceptedDefinition.Column::name)));
            replacement.setArray(7, array(target, "text", columns.stream().map(AcceptedDefinition.Column::type)));
            replacement.setArray(8, array(target, "int4", columns.stream().map(AcceptedDefinition.Column::target)));
            replacement.setArray(9, array(target, "bool", columns.stream().map(AcceptedDefinition.Column::dropped)));
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
