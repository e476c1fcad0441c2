package io.changeover.cutover;

import io.changeover.postgres.TableName;
import io.changeover.verify.Difference;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where the sequences of a database are. The stream of changes does not have them, so they are read behind the fence
 * and set on the target: all of them, also those that no column owns.
 */
public final class Sequences {

    /**
     * Where one sequence is.
     *
     * @param lastValue the last value given out, or the next one if {@code isCalled} is false
     * @param isCalled whether {@code lastValue} has been given out
     */
    public record State(long lastValue, boolean isCalled) {

        @Override
        public String toString() {
            return lastValue + (isCalled ? "" : " (not yet given out)");
        }
    }

    private static final String NAMES = """
            select n.nspname, c.relname from pg_catalog.pg_class c
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'S' and c.relpersistence <> 't'
               and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'changeover')
               and not exists (select from pg_catalog.pg_depend d
                                where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid
                                  and d.deptype = 'e')
             order by 1, 2""";

    private static final String SET = """
            select pg_catalog.setval(u.name::regclass, u.last_value, u.is_called)
              from unnest(?::text[], ?::bigint[], ?::boolean[]) as u(name, last_value, is_called)""";

    /** As {@link #NAMES}, and where each is; NULL for one that was not called. Not before PostgreSQL 10. */
    private static final String CALLED =
            NAMES.replace("c.relname from", "c.relname, pg_catalog.pg_sequence_last_value(c.oid) from");

    private static final int KNOWS_LAST_VALUES = 10;

    /** A UNION of very many parts would exceed the server's stack. */
    private static final int PARTS = 500;

    private Sequences() {}

    /**
     * Reads all sequences in two round trips, however many there are. Of those that were called the server says in one
     * query where they are; it hides {@code last_value} of the other ones, which are read themselves. That takes it
     * five times as long.
     *
     * @throws SQLException if one cannot be read: the role needs SELECT on it
     */
    public static SortedMap<TableName, State> read(Connection connection) throws SQLException {
        SortedMap<TableName, State> states = new TreeMap<>();
        List<TableName> others = new ArrayList<>();
        boolean knows = connection.getMetaData().getDatabaseMajorVersion() >= KNOWS_LAST_VALUES;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(knows ? CALLED : NAMES)) {
            while (rows.next()) {
                TableName name = new TableName(rows.getString(1), rows.getString(2));
                long last = knows ? rows.getLong(3) : 0;
                if (!knows || rows.wasNull()) {
                    others.add(name);
                } else {
                    states.put(name, new State(last, true));
                }
            }
        }
        if (!others.isEmpty()) {
            readThemselves(connection, others, states);
        }
        return Collections.unmodifiableSortedMap(states);
    }

    private static void readThemselves(Connection connection, List<TableName> names, Map<TableName, State> states)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(selects(names));
            do {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        states.put(names.get(rows.getInt(1)), new State(rows.getLong(2), rows.getBoolean(3)));
                    }
                }
            } while (statement.getMoreResults());
        }
    }

    /**
     * Sets all sequences in one statement. Takes effect at once: PostgreSQL does not roll a sequence back.
     *
     * @throws SQLException if one is missing or cannot have the value; others may have been set then
     */
    public static void set(Connection target, Map<TableName, State> states) throws SQLException {
        List<Map.Entry<TableName, State>> entries = new ArrayList<>(states.entrySet());
        Object[] names = entries.stream().map(entry -> entry.getKey().quoted()).toArray();
        Object[] values =
                entries.stream().map(entry -> entry.getValue().lastValue()).toArray();
        Object[] called =
                entries.stream().map(entry -> entry.getValue().isCalled()).toArray();
        try (PreparedStatement statement = target.prepareStatement(SET)) {
            statement.setArray(1, target.createArrayOf("text", names));
            statement.setArray(2, target.createArrayOf("int8", values));
            statement.setArray(3, target.createArrayOf("bool", called));
            statement.executeQuery().close();
        }
    }

    /** Which sequences are not where the source's are, or are on one side only. */
    public static List<Difference> compare(Map<TableName, State> source, Map<TableName, State> target) {
        return Difference.between("sequence value", texts(source), texts(target));
    }

    private static SortedMap<String, String> texts(Map<TableName, State> states) {
        SortedMap<String, String> texts = new TreeMap<>();
        states.forEach((name, state) -> texts.put(name.quoted(), state.toString()));
        return texts;
    }

    /** Statements that give a sequence's index in the list, its last value and whether it was called. */
    private static String selects(List<TableName> names) {
        List<String> statements = new ArrayList<>();
        for (int from = 0; from < names.size(); from += PARTS) {
            int begin = from;
            List<TableName> part = names.subList(from, Math.min(from + PARTS, names.size()));
            statements.add(IntStream.range(0, part.size())
                    .mapToObj(i -> "select " + (begin + i) + ", last_value, is_called from "
                            + part.get(i).quoted())
                    .collect(Collectors.joining(" union all ")));
        }
        return String.join("; ", statements);
    }
}
