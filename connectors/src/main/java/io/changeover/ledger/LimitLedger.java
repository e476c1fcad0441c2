package io.changeover.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How much of the source the loaders may take, which may be changed while they run. They count each other by advisory
 * locks of their sessions on the target, so that one that dies does not count.
 */
public final class LimitLedger {

    private static final int LOCKS = 0x636f6c64;
    private static final int EVERYBODY = 0;

    private LimitLedger() {}

    /**
     * The limits.
     *
     * @param readers how many tables or parts are read at once; empty: as many as there are tasks
     * @param bytesPerSecond all of them together, as COPY carries them; empty: no limit
     */
    public record Limits(OptionalInt readers, OptionalLong bytesPerSecond) {

        /** None. */
        public static final Limits NONE = new Limits(OptionalInt.empty(), OptionalLong.empty());

        /** {@code 4 readers, 1000000 bytes per second}; empty text for none. */
        public String words() {
            String atOnce = readers.isPresent() ? readers.getAsInt() + " readers" : "";
            String together = bytesPerSecond.isPresent() ? bytesPerSecond.getAsLong() + " bytes per second" : "";
            return atOnce + (atOnce.isEmpty() || together.isEmpty() ? "" : ", ") + together;
        }
    }

    /** As they are now. */
    public static Limits read(Connection target) throws SQLException {
        String sql = "select readers, bytes_per_second from changeover.load_limits";
        try (PreparedStatement select = target.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            if (!rows.next()) {
                return Limits.NONE;
            }
            Integer readers = rows.getObject(1, Integer.class);
            Long bytes = rows.getObject(2, Long.class);
            return new Limits(
                    readers == null ? OptionalInt.empty() : OptionalInt.of(readers),
                    bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes));
        }
    }

    /** Sets them for all loaders, those that run too. */
    public static void write(Connection target, Limits limits) throws SQLException {
        String sql = """
                insert into changeover.load_limits (readers, bytes_per_second) values (?, ?)
                on conflict (only_one) do update set readers = excluded.readers,
                bytes_per_second = excluded.bytes_per_second""";
        try (PreparedStatement upsert = target.prepareStatement(sql)) {
            if (limits.readers().isPresent()) {
                upsert.setInt(1, limits.readers().getAsInt());
            } else {
                upsert.setNull(1, Types.INTEGER);
            }
            if (limits.bytesPerSecond().isPresent()) {
                upsert.setLong(2, limits.bytesPerSecond().getAsLong());
            } else {
                upsert.setNull(2, Types.BIGINT);
            }
            upsert.executeUpdate();
        }
    }

    /** Makes a session none of those that read; it may not be in a transaction that has failed. */
    public static void leavePlace(Connection target) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute("select pg_advisory_unlock_all()");
        }
    }

    /**
     * Makes a session one of those that read, until it leaves or ends.
     *
     * @return whether there is room for it
     */
    public static boolean takePlace(Connection target, Limits limits) throws SQLException {
        for (int place = 1; place <= limits.readers().orElse(0); place++) {
            if (isTaken(target, "select pg_try_advisory_lock(?, ?)", place)) {
                return isTaken(target, "select pg_try_advisory_lock_shared(?, ?)", EVERYBODY);
            }
        }
        return limits.readers().isEmpty() && isTaken(target, "select pg_try_advisory_lock_shared(?, ?)", EVERYBODY);
    }

    private static boolean isTaken(Connection target, String sql, int place) throws SQLException {
        try (PreparedStatement lock = target.prepareStatement(sql)) {
            lock.setInt(1, LOCKS);
            lock.setInt(2, place);
            try (ResultSet rows = lock.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    /** How many sessions are reading. */
    public static int readers(Connection target) throws SQLException {
        String sql = """
                select count(*) from pg_locks where locktype = 'advisory' and granted and objsubid = 2
                and database = (select oid from pg_database where datname = current_database())
                and classid = ? and objid = ?""";
        try (PreparedStatement select = target.prepareStatement(sql)) {
            select.setInt(1, LOCKS);
            select.setInt(2, EVERYBODY);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }
}
