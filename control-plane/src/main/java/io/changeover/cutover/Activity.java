package io.changeover.cutover;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * What tells that somebody writes to a database, at one moment. Counters of rows reach the statistics with up to a
 * second's delay, those of a session that has ended at once; before PostgreSQL 15 the statistics that a session reads
 * may be another half second old. Numbers of transactions are not looked at: other databases of the server have the
 * same, and so has Changeover.
 *
 * @param rows rows that were inserted, updated and deleted until now, in all tables but ours
 * @param files of tables: TRUNCATE and DDL give a table another one
 * @param writers what holds a transaction in which something was written, in words; ours are not among them
 */
record Activity(long rows, long files, List<String> writers) {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** From 15 on there is no snapshot of the statistics, and nothing to wait for. */
    private static final String ROWS = """
            select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint,
                   coalesce(pg_stat_get_snapshot_timestamp() > ?::timestamptz, true)
              from pg_stat_user_tables where schemaname <> 'changeover'""";

    private static final String FILES = """
            select coalesce(sum(hashtext(c.oid::text || ' ' || c.relfilenode::text)::bigint), 0)::bigint from pg_class c
              join pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname !~ '^pg_'
               and n.nspname not in ('information_schema', 'changeover')""";

    /** A role sees of any session who it is and whether it has a transaction's number. */
    private static final String WRITERS = """
            select 'session ' || pid || ' of ' || coalesce(usename::text, '?')
                   || coalesce(' (' || nullif(application_name, '') || ')', '') || ' has a transaction that writes'
              from pg_stat_activity
             where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()
               and not (usename = current_user and application_name ~ '^(changeover|Debezium)')
             union all
            select 'the prepared transaction ' || quote_literal(gid) || ' of ' || owner from pg_prepared_xacts
             where database = current_database()
             order by 1""";

    /** Looks at what the statistics say, however old it is. */
    static Activity read(Connection connection) throws SQLException {
        return read(connection, "-infinity").orElseThrow();
    }

    /**
     * Looks at statistics that are not older than this call: all that sessions wrote which have ended by now is in
     * them.
     *
     * @throws CutoverGivenUp if the freeze is over before the server has such statistics
     */
    static Activity readFresh(Connection connection, Freeze freeze) throws SQLException, CutoverGivenUp {
        String now;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select clock_timestamp()::text")) {
            row.next();
            now = row.getString(1);
        }
        while (true) {
            Optional<Activity> fresh = read(connection, now);
            if (fresh.isPresent()) {
                return fresh.get();
            }
            freeze.check();
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /** Empty if the statistics are not younger than that. */
    private static Optional<Activity> read(Connection connection, String youngerThan) throws SQLException {
        try (Statement statement = connection.createStatement();
                PreparedStatement counted = connection.prepareStatement(ROWS)) {
            counted.setString(1, youngerThan);
            List<String> writers = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(WRITERS)) {
                while (rows.next()) {
                    writers.add(rows.getString(1));
                }
            }
            try (ResultSet row = counted.executeQuery()) {
                row.next();
                return row.getBoolean(2)
                        ? Optional.of(new Activity(row.getLong(1), number(statement, FILES), List.copyOf(writers)))
                        : Optional.empty();
            }
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** What tells that somebody writes, or has written since an earlier look; empty if nothing does. */
    Optional<String> since(Activity earlier) {
        if (!writers.isEmpty()) {
            return Optional.of(String.join(", ", writers));
        }
        if (rows != earlier.rows) {
            return Optional.of(Math.abs(rows - earlier.rows) + " rows were written");
        }
        return files == earlier.files
                ? Optional.empty()
                : Optional.of("a table was truncated, rewritten, made or dropped");
    }
}
