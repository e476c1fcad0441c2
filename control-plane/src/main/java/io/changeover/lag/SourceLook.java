package io.changeover.lag;

import io.changeover.postgres.WalFunctions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The source at one moment.
 *
 * @param sourceLsn where it writes
 * @param slot the pair's slot, if it is there
 * @param horizon what the loaders hold back
 * @param sends whether it waits for the capture to take what it has sent
 */
record SourceLook(LogSequenceNumber sourceLsn, Optional<Slot> slot, Horizon horizon, boolean sends) {

    /** Columns that PostgreSQL has since 13 are read through json. */
    private static final String SQL = """
            select %s::text, s.slot_name, s.active, s.confirmed_flush_lsn::text,
                   greatest(coalesce(%s, 0), 0)::bigint,
                   to_jsonb(s) ->> 'wal_status', (to_jsonb(s) ->> 'safe_wal_size')::bigint,
                   coalesce(a.wait_event = 'WalSenderWriteData', false)
              from (select) as always left join pg_catalog.pg_replication_slots s on s.slot_name = ?
                   left join pg_catalog.pg_stat_activity a on a.pid = s.active_pid""";

    /** A role sees its own sessions. */
    private static final String HORIZON = """
            select coalesce(max(extract(epoch from clock_timestamp() - xact_start) * 1000)::bigint, 0),
                   coalesce(max(age(backend_xmin)), 0)
              from pg_stat_activity
             where datname = current_database() and usename = current_user and application_name = 'changeover-load'
               and backend_xmin is not null""";

    /** Looks. */
    static SourceLook read(Connection source, String slot) throws SQLException {
        WalFunctions wal = WalFunctions.of(source);
        String sql = SQL.formatted(wal.inserted(), wal.bytes(wal.written(), "s.restart_lsn"));
        try (PreparedStatement select = source.prepareStatement(sql)) {
            select.setString(1, slot);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return new SourceLook(
                        LogSequenceNumber.valueOf(rows.getString(1)), slot(rows), horizon(source), rows.getBoolean(8));
            }
        }
    }

    private static Horizon horizon(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(HORIZON)) {
            rows.next();
            return new Horizon(Duration.ofMillis(rows.getLong(1)), rows.getLong(2));
        }
    }

    private static Optional<Slot> slot(ResultSet row) throws SQLException {
        @Nullable String name = row.getString(2);
        if (name == null) {
            return Optional.empty();
        }
        @Nullable String confirmed = row.getString(4);
        return Optional.of(new Slot(
                name,
                row.getBoolean(3),
                confirmed == null ? LogSequenceNumber.INVALID_LSN : LogSequenceNumber.valueOf(confirmed),
                row.getLong(5),
                Optional.ofNullable(row.getString(6)),
                Optional.ofNullable(row.getObject(7, Long.class))));
    }

    /** What the slot has confirmed. */
    LogSequenceNumber confirmed() {
        return slot.map(Slot::confirmed).orElse(LogSequenceNumber.INVALID_LSN);
    }
}
