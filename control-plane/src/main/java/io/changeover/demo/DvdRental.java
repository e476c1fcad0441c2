package io.changeover.demo;

import io.changeover.postgres.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The sample database {@code dvdrental}: a schema with what real databases have and migrations stumble over, and data
 * that is believable except where it is awkward on purpose. The SQL is in the files beside this class, which run in
 * psql as well.
 */
public final class DvdRental {

    private static final List<String> SCHEMA =
            List.of("types", "places", "films", "shops", "rentals", "journals", "views");
    private static final List<String> DATA =
            List.of("words", "places", "films", "shops", "rentals", "awkward", "finish");

    private static final String TABLES = """
            select relname from pg_catalog.pg_class
             where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition""";

    private DvdRental() {}

    /**
     * Creates schema and data in the empty schema {@code public}. The same scale and seed give the same values, except
     * for columns with the time of their insert. Data that fails leaves the schema behind, empty: the values of an enum
     * can only be used after the transaction that added them.
     *
     * @param owner a connection in auto-commit mode, of a role that owns the database; it needs no other privilege;
     *     after an exception it is only good for closing
     * @param scale 1 is about 200,000 rows; below 0.01 there are no fewer rows
     * @param seed which data
     * @return how many rows there are
     * @throws SQLException if the server refuses a statement
     */
    public static Rows create(Connection owner, double scale, long seed) throws SQLException {
        owner.setAutoCommit(false);
        run(owner, "schema", SCHEMA);
        owner.commit();
        set(owner, "demo.scale", Double.toString(scale));
        set(owner, "demo.seed", Long.toString(seed));
        run(owner, "data", DATA);
        Rows rows = count(owner);
        owner.commit();
        owner.setAutoCommit(true);
        return rows;
    }

    private static void run(Connection connection, String stage, List<String> parts) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String part : parts) {
                statement.execute(resource(stage + "-" + part + ".sql"));
            }
        }
    }

    private static void set(Connection connection, String setting, String value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select pg_catalog.set_config(?, ?, true)")) {
            statement.setString(1, setting);
            statement.setString(2, value);
            statement.execute();
        }
    }

    private static Rows count(Connection connection) throws SQLException {
        SortedMap<TableName, Long> rows = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet tables = statement.executeQuery(TABLES)) {
            while (tables.next()) {
                TableName table = new TableName("public", tables.getString(1));
                rows.put(table, count(connection, table));
            }
        }
        return new Rows(rows);
    }

    private static long count(Connection connection, TableName table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from " + table.quoted())) {
            count.next();
            return count.getLong(1);
        }
    }

    private static String resource(String name) {
        try (InputStream file = DvdRental.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("The sample database is incomplete: " + name + " is not in the jar");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading " + name, e);
        }
    }
}
