package io.changeover.sink.guard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads what would act on the rows that are applied. Sessions have nothing but the catalog on their search path. */
public final class GuardCatalog {

    private static final String FIRING = sql("firing.sql");
    private static final String FOREIGN_KEYS = sql("foreign-keys.sql");
    private static final int PARENTS_OF_CONSTRAINTS = 11;

    private static final String EVENT_TRIGGERS = """
            select evtname from pg_event_trigger
            where evtenabled in ('O', 'A') and evtevent in ('ddl_command_start', 'ddl_command_end', 'sql_drop')
            order by evtname""";

    private GuardCatalog() {}

    /** A row of a query to an object. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** All foreign keys of user tables and to user tables; of PostgreSQL 9.6 and later. */
    public static List<ForeignKeyFacts> foreignKeys(Connection connection) throws SQLException {
        boolean hasParents = major(connection) >= PARENTS_OF_CONSTRAINTS;
        String sql = hasParents
                ? FOREIGN_KEYS
                : FOREIGN_KEYS.replace("k.conparentid", "0").replace("f.conparentid", "0");
        return list(connection, sql, ForeignKeyFacts::of);
    }

    /** What has to be set aside for a way of guarding, triggers before rules before foreign keys. */
    static List<Guarded> acting(Connection connection, Guarding how) throws SQLException {
        List<Firing> firing = list(connection, FIRING, Firing::of);
        return switch (how) {
            case REPLICA ->
                firing.stream()
                        .filter(Firing::firesInReplicas)
                        .<Guarded>map(one -> one)
                        .toList();
            case DDL ->
                Stream.<Guarded>concat(firing.stream(), foreignKeys(connection).stream())
                        .toList();
        };
    }

    /** What has to be set aside for a way of guarding, {@code trigger t of public.a}; of PostgreSQL 9.6 and later. */
    public static List<String> actingNames(Connection connection, Guarding how) throws SQLException {
        int major = major(connection);
        return acting(connection, how).stream()
                .map(one -> one.aside(major).toString())
                .toList();
    }

    /**
     * What our role cannot set aside, or not put back as it was; a sentence's end for each.
     *
     * @param connection may be in a read-only transaction
     */
    public static List<String> obstacles(Connection connection, Guarding how) throws SQLException {
        return acting(connection, how).stream()
                .flatMap(one -> one.obstacle().stream())
                .toList();
    }

    /** Event triggers that fire when somebody alters a table. */
    public static List<String> eventTriggers(Connection connection) throws SQLException {
        return list(connection, EVENT_TRIGGERS, row -> row.getString(1));
    }

    static int major(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    private static <T> List<T> list(Connection connection, String sql, Reader<T> reader) throws SQLException {
        List<T> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(reader.read(rows));
            }
        }
        return List.copyOf(found);
    }

    private static String sql(String file) {
        try (InputStream in = GuardCatalog.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
