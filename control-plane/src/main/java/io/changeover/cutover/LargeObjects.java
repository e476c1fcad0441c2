package io.changeover.cutover;

import io.changeover.ledger.Ledger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The large objects of a pair. The stream of changes does not have them, so they are compared in passes, piece by piece
 * by sha-256, and the pieces that differ are copied: after the load, before the fence, and behind it, when nobody
 * writes any more. They keep their OIDs; what was made here is in the ledger, so that nothing else is ever removed.
 *
 * <p>A batch is one transaction on either side; whoever is killed compares again. Not thread-safe.
 */
public final class LargeObjects implements AutoCloseable {

    /**
     * How far a pass is.
     *
     * @param compared objects of the source
     * @param copied those of them of which something was copied
     * @param removed objects that the source has no more
     * @param isComplete whether nothing is left to do
     */
    public record Pass(long compared, long copied, long removed, boolean isComplete) {}

    private record Piece(int length, String digest) {}

    static final int PIECE_BYTES = 4 << 20;

    private static final int BATCH = 200;

    /** The server can say it itself. */
    private static final int SHA256 = 11;

    private static final String SOURCE_BATCH =
            "select oid::bigint from pg_largeobject_metadata where oid::bigint > ? order by 1 limit " + BATCH;

    private static final String MADE_BATCH =
            "select oid from changeover.large_objects where oid > ? order by 1 limit " + BATCH;

    private static final String FOREIGN = """
            select m.oid::bigint from pg_largeobject_metadata m where m.oid::bigint = any(?)
            and not exists (select from changeover.large_objects o where o.oid = m.oid::bigint) order by 1 limit 1""";

    private static final String PRESENT = "select oid::bigint from pg_largeobject_metadata where oid::bigint = any(?)";

    private static final String PIECES = "select u.oid, octet_length(u.piece), %s from (select oid::bigint as oid,"
            + " lo_get(oid, ?, " + PIECE_BYTES
            + ") as piece from pg_largeobject_metadata where oid::bigint = any(?) offset 0) u";

    private static final String CREATE =
            "with made as (insert into changeover.large_objects (oid) values (?)) select lo_create(?::bigint::oid)";

    private static final String REMOVE = """
            with gone as (delete from changeover.large_objects where oid = any(?) returning oid)
            select lo_unlink(m.oid) from pg_largeobject_metadata m join gone on gone.oid = m.oid::bigint""";

    private static final int INV_WRITE = 0x20000;

    private final Connection source;
    private final Connection target;
    private long after = -1;
    private long compared;
    private long copied;
    private long removed;
    private boolean hasCompared;

    private LargeObjects(Connection source, Connection target) {
        this.source = source;
        this.target = target;
    }

    /** Connects to both sides. */
    public static LargeObjects open(ServerSettings source, ServerSettings target) throws SQLException {
        Connection from = Connections.open(source, "changeover-objects");
        try {
            Connection to = Connections.open(target, "changeover-objects");
            try {
                Ledger.create(to);
                to.setAutoCommit(false);
                from.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                from.setAutoCommit(false);
                return new LargeObjects(from, to);
            } catch (SQLException e) {
                to.close();
                throw e;
            }
        } catch (SQLException e) {
            from.close();
            throw e;
        }
    }

    /** Has what it does end with the freeze. */
    void endWith(Freeze freeze) {
        freeze.include(source);
        freeze.include(target);
    }

    /**
     * Goes on with a pass, or begins one if the last one is complete.
     *
     * @param time after which it returns, at the end of a batch; at least one is done
     * @throws SQLException if an object cannot be read or written, or the target has one of that number that was not
     *     made here; with what is committed the pass can go on
     */
    public Pass run(Duration time) throws SQLException {
        long end = System.nanoTime() + time.toNanos();
        try {
            do {
                if (!(hasCompared ? removeBatch() : compareBatch())) {
                    return complete();
                }
            } while (System.nanoTime() - end < 0);
            return new Pass(compared, copied, removed, false);
        } catch (SQLException e) {
            source.rollback();
            target.rollback();
            throw e;
        }
    }

    private Pass complete() {
        Pass pass = new Pass(compared, copied, removed, true);
        after = -1;
        compared = 0;
        copied = 0;
        removed = 0;
        hasCompared = false;
        return pass;
    }

    /** Makes every statement fail that takes longer. */
    void limit(Duration time) throws SQLException {
        for (Connection each : List.of(source, target)) {
            try (Statement statement = each.createStatement()) {
                statement.execute("set statement_timeout = " + time.toMillis());
            }
            each.commit();
        }
    }

    /** Whether there may be more. */
    private boolean compareBatch() throws SQLException {
        List<Long> objects = numbers(source, SOURCE_BATCH, after);
        if (objects.isEmpty()) {
            source.commit();
            hasCompared = true;
            after = -1;
            return true;
        }
        requireOurs(objects);
        Set<Long> changed = new LinkedHashSet<>();
        Collection<Long> left = objects;
        for (long from = 0; !left.isEmpty(); from += PIECE_BYTES) {
            left = comparePieces(left, from, changed);
        }
        target.commit();
        source.commit();
        after = objects.get(objects.size() - 1);
        compared += objects.size();
        copied += changed.size();
        return true;
    }

    private void requireOurs(List<Long> objects) throws SQLException {
        List<Long> foreign = numbers(target, FOREIGN, objects);
        if (!foreign.isEmpty()) {
            throw new SQLException(
                    "CO-2070: the target has a large object " + foreign.get(0) + " that was not copied by Changeover,"
                            + " and the source has one of the same number: remove it with select lo_unlink("
                            + foreign.get(0) + "), or use another target",
                    "42710");
        }
    }

    /** Those of which there may be more pieces. */
    private List<Long> comparePieces(Collection<Long> objects, long from, Set<Long> changed) throws SQLException {
        CompletableFuture<Map<Long, Piece>> ofTarget = CompletableFuture.supplyAsync(() -> {
            try {
                return pieces(target, objects, from);
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
        Map<Long, Piece> wanted = both(ofTarget, () -> pieces(source, objects, from));
        Map<Long, Piece> there = ofTarget.join();
        List<Long> more = new ArrayList<>();
        for (Map.Entry<Long, Piece> each : wanted.entrySet()) {
            long object = each.getKey();
            Optional<Piece> present = Optional.ofNullable(there.get(object));
            if (!present.equals(Optional.of(each.getValue()))) {
                copy(object, from, present.isPresent());
                changed.add(object);
            }
            if (each.getValue().length() == PIECE_BYTES) {
                more.add(object);
            }
        }
        return more;
    }

    private interface Read<T> {
        T read() throws SQLException;
    }

    /** Reads one side and waits for the other, whatever happens. */
    private static <T> T both(CompletableFuture<T> other, Read<T> own) throws SQLException {
        try {
            return own.read();
        } finally {
            await(other);
        }
    }

    private static void await(CompletableFuture<?> other) throws SQLException {
        try {
            other.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static Map<Long, Piece> pieces(Connection connection, Collection<Long> objects, long from)
            throws SQLException {
        boolean byServer = connection.getMetaData().getDatabaseMajorVersion() >= SHA256;
        Map<Long, Piece> pieces = new TreeMap<>();
        String sql = PIECES.formatted(byServer ? "encode(sha256(u.piece), 'hex')" : "u.piece");
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setFetchSize(byServer ? BATCH : 1);
            select.setLong(1, from);
            select.setArray(2, connection.createArrayOf("int8", objects.toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    String digest = byServer ? rows.getString(3) : sha256(rows.getBytes(3));
                    pieces.put(rows.getLong(1), new Piece(rows.getInt(2), digest));
                }
            }
        }
        return pieces;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }

    private void copy(long object, long from, boolean isPresent) throws SQLException {
        byte[] piece = read(object, from);
        if (!isPresent && from == 0) {
            execute(CREATE, object, object);
        }
        if (piece.length > 0) {
            write(object, from, piece);
        }
        if (piece.length < PIECE_BYTES) {
            execute("select lo_truncate64(lo_open(?::bigint::oid, " + INV_WRITE + "), ?)", object, from + piece.length);
        }
    }

    private byte[] read(long object, long from) throws SQLException {
        String sql = "select lo_get(?::bigint::oid, ?, " + PIECE_BYTES + ")";
        try (PreparedStatement select = source.prepareStatement(sql)) {
            select.setLong(1, object);
            select.setLong(2, from);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBytes(1);
            }
        }
    }

    private void write(long object, long from, byte[] piece) throws SQLException {
        try (PreparedStatement put = target.prepareStatement("select lo_put(?::bigint::oid, ?, ?)")) {
            put.setLong(1, object);
            put.setLong(2, from);
            put.setBytes(3, piece);
            put.executeQuery().close();
        }
    }

    private void execute(String sql, long first, long second) throws SQLException {
        try (PreparedStatement statement = target.prepareStatement(sql)) {
            statement.setLong(1, first);
            statement.setLong(2, second);
            statement.executeQuery().close();
        }
    }

    private boolean removeBatch() throws SQLException {
        List<Long> made = numbers(target, MADE_BATCH, after);
        if (made.isEmpty()) {
            target.commit();
            return false;
        }
        List<Long> gone = new ArrayList<>(made);
        gone.removeAll(numbers(source, PRESENT, made));
        source.commit();
        if (!gone.isEmpty()) {
            try (PreparedStatement remove = target.prepareStatement(REMOVE)) {
                remove.setArray(1, target.createArrayOf("int8", gone.toArray()));
                remove.executeQuery().close();
            }
        }
        target.commit();
        after = made.get(made.size() - 1);
        removed += gone.size();
        return true;
    }

    private static List<Long> numbers(Connection connection, String sql, long after) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, after);
            return numbers(select);
        }
    }

    private static List<Long> numbers(Connection connection, String sql, Collection<Long> objects) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, connection.createArrayOf("int8", objects.toArray()));
            return numbers(select);
        }
    }

    private static List<Long> numbers(PreparedStatement select) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
        }
        return numbers;
    }

    @Override
    public void close() throws SQLException {
        try (source) {
            target.close();
        }
    }
}
