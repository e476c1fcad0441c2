package io.changeover.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares the definitions of two databases: columns, constraints, indexes, triggers, sequences, types, functions and
 * so on; {@code catalog.sql} and the file beside it say what exactly. Robust against PostgreSQL 9.6 to 18 writing one
 * definition in different words.
 */
public final class CatalogComparison {

    private static final int SHOWN_BYTES = 8;

    /** The first version of {@code catalog-10.sql}. */
    private static final int FULL_CATALOG = 10;

    private CatalogComparison() {}

    /**
     * Compares.
     *
     * @param source in the canonical settings, with nothing but the catalog on the search path
     * @param target likewise
     * @return what differs, by kind and name; empty if nothing does
     * @throws SQLException if a catalog cannot be read
     */
    public static List<Difference> run(Connection source, Connection target) throws SQLException {
        return run(read(source, target), target);
    }

    /**
     * The definitions of a database at one moment.
     *
     * @param queries that have read them, and read the other side's
     * @param kinds kind → object → definition
     */
    public record Catalog(List<String> queries, SortedMap<String, SortedMap<String, String>> kinds) {

        public Catalog {
            queries = List.copyOf(queries);
            kinds = Collections.unmodifiableSortedMap(new TreeMap<>(kinds));
        }
    }

    /** Reads the definitions of one side, to be compared with the other side later. */
    public static Catalog read(Connection one, Connection other) throws SQLException {
        List<String> queries = List.of(
                sql("catalog.sql"),
                sql(Math.min(major(one), major(other)) >= FULL_CATALOG ? "catalog-10.sql" : "catalog-9.sql"));
        return new Catalog(queries, read(one, queries));
    }

    /** Compares with what was read before, also if that is something else by now. */
    public static List<Difference> run(Catalog source, Connection target) throws SQLException {
        SortedMap<String, SortedMap<String, String>> left = source.kinds();
        SortedMap<String, SortedMap<String, String>> right = read(target, source.queries());
        SortedSet<String> kinds = new TreeSet<>(left.keySet());
        kinds.addAll(right.keySet());
        List<Difference> differences = new ArrayList<>();
        for (String kind : kinds) {
            differences.addAll(Difference.between(
                    kind,
                    left.getOrDefault(kind, Collections.emptySortedMap()),
                    right.getOrDefault(kind, Collections.emptySortedMap()),
                    Definition::same));
        }
        return List.copyOf(differences);
    }

    /** Kind → object → definition. */
    private static SortedMap<String, SortedMap<String, String>> read(Connection connection, List<String> queries)
            throws SQLException {
        SortedMap<String, SortedMap<String, String>> kinds = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            for (String sql : queries) {
                try (ResultSet rows = statement.executeQuery(sql)) {
                    while (rows.next()) {
                        kinds.computeIfAbsent(rows.getString(1), kind -> new TreeMap<>())
                                .put(rows.getString(2), rows.getString(3) + hash(rows.getString(4)));
                    }
                }
            }
        }
        return kinds;
    }

    private static int major(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    /** Stands for a function's body, which is long and may hold a password. */
    private static String hash(String body) {
        if (body.isEmpty()) {
            return "";
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
            return " body " + HexFormat.of().formatHex(hash, 0, SHOWN_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static String sql(String file) {
        try (InputStream in = CatalogComparison.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
