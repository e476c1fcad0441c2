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
 * so on; {@code catalog.sql} says what exactly. Robust against PostgreSQL 10 to 18 writing one definition in different
 * words.
 */
public final class CatalogComparison {

    private static final int SHOWN_BYTES = 8;

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
        SortedMap<String, SortedMap<String, String>> left = read(source);
        SortedMap<String, SortedMap<String, String>> right = read(target);
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
    private static SortedMap<String, SortedMap<String, String>> read(Connection connection) throws SQLException {
        SortedMap<String, SortedMap<String, String>> kinds = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql())) {
            while (rows.next()) {
                kinds.computeIfAbsent(rows.getString(1), kind -> new TreeMap<>())
                        .put(rows.getString(2), rows.getString(3) + hash(rows.getString(4)));
            }
        }
        return kinds;
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

    private static String sql() {
        try (InputStream in = CatalogComparison.class.getResourceAsStream("catalog.sql")) {
            if (in == null) {
                throw new IllegalStateException("catalog.sql is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
