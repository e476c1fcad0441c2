package io.changeover.verify;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The columns of every table in a database, generated ones too, by name: that is the order in which both sides are
 * read, whatever the physical order is.
 *
 * @param byTable column name → how its value is read
 */
record ComparedColumns(Map<TableName, SortedMap<String, String>> byTable) {

    private static final String SQL = """
            select n.nspname, c.relname, a.attname, t.typname, s.proname, tn.nspname = 'pg_catalog'
              from pg_attribute a
              join pg_class c on c.oid = a.attrelid
              join pg_namespace n on n.oid = c.relnamespace
              join pg_type t on t.oid = a.atttypid
              join pg_namespace tn on tn.oid = t.typnamespace
              left join pg_proc s on s.oid = t.typsend
             where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'm')
               and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'""";

    ComparedColumns {
        byTable = Map.copyOf(byTable);
    }

    /**
     * Reads them.
     *
     * @param oldestMajor the older version of the two servers: before 12, PostgreSQL writes floats in other digits, so
     *     they are then compared in their binary form (inside composite types, ranges and domains they are not, and
     *     show as different)
     */
    static ComparedColumns read(Connection connection, int oldestMajor) throws SQLException {
        Map<TableName, SortedMap<String, String>> byTable = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SQL)) {
            while (rows.next()) {
                boolean binary = rows.getBoolean(6) && FloatText.differs(rows.getString(4), oldestMajor);
                String column = Identifier.quote(rows.getString(3));
                String read = binary ? FloatText.binary(column, rows.getString(4), rows.getString(5)) : column;
                byTable.computeIfAbsent(new TableName(rows.getString(1), rows.getString(2)), table -> new TreeMap<>())
                        .put(rows.getString(3), read);
            }
        }
        return new ComparedColumns(byTable);
    }

    /** The COPY that reads the columns which both sides have. */
    String copy(TableName table, ComparedColumns other) {
        String columns = of(table).entrySet().stream()
                .filter(column -> other.of(table).containsKey(column.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(", "));
        return "copy (select " + columns + " from only " + table.quoted() + ") to stdout";
    }

    /** Says which columns only one side has. */
    static Optional<String> disagreement(TableName table, ComparedColumns source, ComparedColumns target) {
        List<String> sentences = new ArrayList<>();
        missing(table, source, target).ifPresent(names -> sentences.add("missing on the target: column " + names));
        missing(table, target, source).ifPresent(names -> sentences.add("missing on the source: column " + names));
        return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", sentences));
    }

    private static Optional<String> missing(TableName table, ComparedColumns from, ComparedColumns in) {
        Set<String> names = new TreeSet<>(from.of(table).keySet());
        names.removeAll(in.of(table).keySet());
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", names));
    }

    private SortedMap<String, String> of(TableName table) {
        return byTable.getOrDefault(table, Collections.emptySortedMap());
    }
}
