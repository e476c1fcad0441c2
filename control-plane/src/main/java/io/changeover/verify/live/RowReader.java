package io.changeover.verify.live;

import io.changeover.verify.RowSum;
import io.changeover.verify.TableDigest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks one side about one table, on a connection in the canonical settings and in auto-commit mode. */
final class RowReader {

    private static final int FETCH = 2_000;

    private final Connection connection;
    private final TableSql sql;

    RowReader(Connection connection, TableSql sql) {
        this.connection = connection;
        this.sql = sql;
    }

    /** The sum of a slice's rows. */
    TableDigest digest(Slice slice) throws SQLException {
        return sql.hashing() == Hashing.SERVER ? digestThere(slice) : digestHere(slice);
    }

    private TableDigest digestThere(Slice slice) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql.digest(slice))) {
            bind(select, 1, slice);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return new TableDigest(rows.getLong(1), rows.getString(2) + ":" + rows.getString(3));
            }
        }
    }

    private TableDigest digestHere(Slice slice) throws SQLException {
        RowSum sum = new RowSum();
        stream(sql.rows(slice), select -> bind(select, 1, slice), rows -> sum.add(rows.getBytes(1)));
        return sum.result();
    }

    /** The sums of all rows by bucket of keys; a bucket without rows is not there. */
    Map<Integer, TableDigest> buckets(Buckets buckets) throws SQLException {
        return sql.hashing() == Hashing.SERVER ? bucketsThere(buckets) : bucketsHere(buckets);
    }

    private Map<Integer, TableDigest> bucketsThere(Buckets buckets) throws SQLException {
        Map<Integer, TableDigest> sums = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(sql.buckets())) {
            select.setLong(1, buckets.mask());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    sums.put(
                            rows.getInt(1),
                            new TableDigest(rows.getLong(2), rows.getString(3) + ":" + rows.getString(4)));
                }
            }
        }
        return sums;
    }

    private Map<Integer, TableDigest> bucketsHere(Buckets buckets) throws SQLException {
        Map<Integer, RowSum> sums = new HashMap<>();
        stream(
                sql.list(Slice.ALL),
                select -> {},
                rows -> sums.computeIfAbsent(buckets.of(key(rows)), bucket -> new RowSum())
                        .add(rows.getBytes(sql.key().size() + 1)));
        Map<Integer, TableDigest> results = new HashMap<>();
        sums.forEach((bucket, sum) -> results.put(bucket, sum.result()));
        return results;
    }

    /** The rows of a slice: key → mark. */
    Map<RowKey, String> list(Slice slice) throws SQLException {
        Map<RowKey, String> marks = new HashMap<>();
        stream(sql.list(slice), select -> bind(select, 1, slice), rows -> put(marks, rows));
        return marks;
    }

    /** The rows of some buckets: key → mark. */
    Map<RowKey, String> list(Buckets buckets, Collection<Integer> some) throws SQLException {
        Map<RowKey, String> marks = new HashMap<>();
        if (sql.hashing() == Hashing.HERE) {
            stream(sql.list(Slice.ALL), select -> {}, rows -> {
                if (some.contains(buckets.of(key(rows)))) {
                    put(marks, rows);
                }
            });
            return marks;
        }
        stream(
                sql.listBuckets(),
                select -> {
                    select.setLong(1, buckets.mask());
                    select.setArray(2, connection.createArrayOf("int4", some.toArray()));
                },
                rows -> put(marks, rows));
        return marks;
    }

    private void put(Map<RowKey, String> marks, ResultSet rows) throws SQLException {
        marks.merge(
                key(rows),
                mark(rows, sql.key().size() + 1),
                (one, other) -> one.compareTo(other) <= 0 ? one + "," + other : other + "," + one);
    }

    /** The last key of the slice of so many rows that begins after a key; empty if there are fewer. */
    Optional<List<String>> boundary(List<String> after, int rows) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql.boundary(after))) {
            int next = bind(select, 1, new Slice(after, List.of()));
            select.setInt(next, rows - 1);
            try (ResultSet found = select.executeQuery()) {
                return found.next() ? Optional.of(key(found).values()) : Optional.empty();
            }
        }
    }

    /** What is there of each key, in the order of the keys. */
    List<RowLook> look(List<RowKey> keys) throws SQLException {
        RowLook[] looks = new RowLook[keys.size()];
        Arrays.fill(looks, RowLook.NONE);
        try (PreparedStatement select = connection.prepareStatement(sql.lookup())) {
            for (int column = 0; column < sql.key().size(); column++) {
                int position = column;
                Object[] texts =
                        keys.stream().map(key -> key.values().get(position)).toArray();
                select.setArray(column + 1, connection.createArrayOf("text", texts));
            }
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    int index = rows.getInt(1) - 1;
                    RowLook look = new RowLook(rows.getString(2), mark(rows, 3));
                    looks[index] = looks[index].isThere() ? looks[index].and(look) : look;
                }
            }
        }
        return List.of(looks);
    }

    private RowKey key(ResultSet rows) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int column = 1; column <= sql.key().size(); column++) {
            values.add(rows.getString(column));
        }
        return new RowKey(values);
    }

    /** The bytes of a text are never decoded here: a database in SQL_ASCII may hold any. */
    private String mark(ResultSet rows, int column) throws SQLException {
        return sql.hashing() == Hashing.SERVER ? rows.getString(column) : sha256(rows.getBytes(column));
    }

    private static String sha256(byte[] row) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(row));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private interface Binding {
        void bind(PreparedStatement select) throws SQLException;
    }

    private interface Reading {
        void read(ResultSet rows) throws SQLException;
    }

    /** Row by row, with the memory of a few thousand. */
    private void stream(String query, Binding binding, Reading reading) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setFetchSize(FETCH);
            binding.bind(select);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    reading.read(rows);
                }
            }
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private static int bind(PreparedStatement select, int first, Slice slice) throws SQLException {
        int next = first;
        for (String value : slice.after()) {
            select.setString(next++, value);
        }
        for (String value : slice.upTo()) {
            select.setString(next++, value);
        }
        return next;
    }
}
