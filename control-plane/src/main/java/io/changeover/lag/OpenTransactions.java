package io.changeover.lag;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers since when it has seen transactions of the source that have written and have not ended. When they began, a
 * role without {@code pg_monitor} may not see of others' sessions. Not thread-safe.
 */
final class OpenTransactions {

    /** The capture's and our own are none of them. */
    private static final String OPEN = """
            select a.pid || '/' || a.backend_xid, false,
                   'session ' || a.pid || coalesce(' of ' || a.usename, '')
                   || coalesce(' (' || nullif(a.application_name, '') || ')', ''), 0
              from pg_catalog.pg_stat_activity a
             where a.datname = current_database() and a.backend_xid is not null and a.pid <> pg_backend_pid()
            union all
            select 'prepared ' || p.transaction, true, 'prepared transaction ' || quote_literal(p.gid) || ' of ' || p.owner,
                   extract(epoch from clock_timestamp() - p.prepared) * 1000
              from pg_catalog.pg_prepared_xacts p
             where p.database = current_database()""";

    private final InstantSource clock;
    private Map<String, Instant> since = new HashMap<>();

    OpenTransactions(InstantSource clock) {
        this.clock = clock;
    }

    /** Looks, and says which one is open longest. */
    Optional<Signs.OpenTransaction> look(Connection source) throws SQLException {
        Instant now = clock.instant();
        Map<String, Instant> open = new HashMap<>();
        Optional<Signs.OpenTransaction> longest = Optional.empty();
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(OPEN)) {
            while (rows.next()) {
                String id = rows.getString(1);
                Instant first = since.getOrDefault(id, now.minusMillis(rows.getLong(4)));
                open.put(id, first);
                Signs.OpenTransaction each =
                        new Signs.OpenTransaction(rows.getString(3), rows.getBoolean(2), Duration.between(first, now));
                longest = longest.filter(other -> AGE.compare(other, each) >= 0).or(() -> Optional.of(each));
            }
        }
        since = open;
        return longest;
    }

    private static final Comparator<Signs.OpenTransaction> AGE = Comparator.comparing(Signs.OpenTransaction::open);
}
