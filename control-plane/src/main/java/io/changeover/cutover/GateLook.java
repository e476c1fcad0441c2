package io.changeover.cutover;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at both servers for what keeps a cutover from beginning. Safe for several threads, one at a time. */
public final class GateLook implements AutoCloseable {

    private static final String APPLICATION = "changeover-gates";
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** Whoever has written to the target a moment ago may do so again at any time. */
    private static final Duration REMEMBERED = Duration.ofSeconds(60);

    private static final String OTHERS = """
            datname = current_database() and backend_xid is not null and pid <> pg_backend_pid() and usename is not null
               and not (usename = current_user and application_name ~ '^(changeover|Debezium)')""";

    private static final String WHO = """
            'session ' || pid || ' of ' || usename || coalesce(' (' || nullif(application_name, '') || ')', '')""";

    private static final String OPEN = """
            select %s, false, coalesce(extract(epoch from clock_timestamp() - xact_start) * 1000, 0)::bigint
              from pg_stat_activity where %s
             union all
            select 'the prepared transaction ' || quote_literal(gid) || ' of ' || owner, true,
                   (extract(epoch from clock_timestamp() - prepared) * 1000)::bigint
              from pg_prepared_xacts where database = current_database()
             order by 3 desc""".formatted(WHO, OTHERS);

    private static final String SUPERUSERS = """
            select %s from pg_stat_activity join pg_roles on rolname = usename
             where rolsuper and %s
               and not exists (select from pg_roles r where r.rolname = current_user and r.rolsuper)""".formatted(WHO, OTHERS);

    private static final String WRITERS = "select %s from pg_stat_activity where %s".formatted(WHO, OTHERS);

    private final ServerSettings source;
    private final ServerSettings target;
    private final Verification verification;
    private final InstantSource clock;
    private final Map<String, Instant> writers = new LinkedHashMap<>();
    private @Nullable Connection sourceConnection;
    private @Nullable Connection targetConnection;

    public GateLook(ServerSettings source, ServerSettings target, Verification verification, InstantSource clock) {
        this.source = source;
        this.target = target;
        this.verification = verification;
        this.clock = clock;
    }

    /** Looks now. */
    public synchronized GateFacts now() {
        try {
            Connection from = connection(sourceConnection, source);
            sourceConnection = from;
            Connection to = connection(targetConnection, target);
            targetConnection = to;
            return new GateFacts(
                    open(from),
                    texts(from, SUPERUSERS),
                    targetWriters(to),
                    replicationRole(),
                    verification.problems(),
                    Optional.empty());
        } catch (SQLException e) {
            close();
            return GateFacts.unreadable(String.valueOf(e.getMessage()));
        }
    }

    private static Connection connection(@Nullable Connection open, ServerSettings server) throws SQLException {
        return open == null ? Connections.open(server, APPLICATION, ANSWER) : open;
    }

    private static List<GateFacts.OpenTransaction> open(Connection source) throws SQLException {
        List<GateFacts.OpenTransaction> open = new ArrayList<>();
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(OPEN)) {
            while (rows.next()) {
                open.add(new GateFacts.OpenTransaction(
                        rows.getString(1), rows.getBoolean(2), Duration.ofMillis(Math.max(0, rows.getLong(3)))));
            }
        }
        return open;
    }

    private List<String> targetWriters(Connection to) throws SQLException {
        Instant now = clock.instant();
        texts(to, WRITERS).forEach(who -> writers.put(who, now));
        writers.values().removeIf(seen -> seen.plus(REMEMBERED).isBefore(now));
        return List.copyOf(writers.keySet());
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    /** Of a session as an application gets it: with the settings of server, database and role. */
    private String replicationRole() throws SQLException {
        try (Connection fresh = Connections.open(target, APPLICATION, ANSWER);
                Statement statement = fresh.createStatement();
                ResultSet rows = statement.executeQuery("show session_replication_role")) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** The next look connects again. */
    @Override
    public synchronized void close() {
        for (Connection connection : new @Nullable Connection[] {sourceConnection, targetConnection}) {
            try {
                if (connection != null) {
                    connection.close();
                }
            } catch (SQLException e) {
                // it is broken already
            }
        }
        sourceConnection = null;
        targetConnection = null;
    }
}
