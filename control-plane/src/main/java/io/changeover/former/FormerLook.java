package io.changeover.former;

import io.changeover.ledger.Ledger;
import io.changeover.migration.SourceCounts;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a source that was left. Each look is a connection of its own: the source is to be free of others, and of
 * this.
 */
public final class FormerLook {

    private static final String APPLICATION = "changeover-former";
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** What a role may not see of other roles' sessions is null; before 10 there is no backend_type. */
    private static final String CLIENTS = """
            select pid, usename::text, nullif(application_name, ''), host(client_addr), backend_start, state,
                   backend_xid is not null
              from pg_stat_activity a
             where datname = current_database() and usename is not null and pid <> pg_backend_pid()
               and coalesce(to_jsonb(a) ->> 'backend_type', 'client backend') = 'client backend'
               and pid not in (select pid from pg_stat_replication)
               and usename not in ('rdsadmin', 'azuresu')
               and not (usename = current_user and application_name ~ '^(changeover|Debezium)')""";

    private static final String ROWS = """
            select schemaname, relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_user_tables
             where schemaname <> 'changeover' and n_tup_ins + n_tup_upd + n_tup_del > 0""";

    private static final String FILES = """
            select coalesce(sum(hashtext(c.oid::text || ' ' || c.relfilenode::text)::bigint), 0)::bigint from pg_class c
              join pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname !~ '^pg_'
               and n.nspname not in ('information_schema', 'changeover')""";

    private static final String ROLLBACKS =
            "select xact_rollback from pg_stat_database where datname = current_database()";

    private final ServerSettings source;
    private final Clock clock;

    public FormerLook(ServerSettings source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    /** What the statistics say now. */
    public SourceCounts counts() throws SQLException {
        try (Connection connection = Connections.open(source, APPLICATION, ANSWER);
                Statement statement = connection.createStatement()) {
            return counts(statement);
        }
    }

    /**
     * Looks now.
     *
     * @param left what the statistics said when nobody could write any more; empty if that is not known yet
     */
    public FormerSource look(Supplier<Optional<SourceCounts>> left) {
        try (Connection connection = Connections.open(source, APPLICATION, ANSWER);
                Statement statement = connection.createStatement()) {
            SourceCounts now = counts(statement);
            return FormerSource.of(clients(statement), left.get().orElse(now), now, Ledger.exists(connection));
        } catch (SQLException e) {
            return FormerSource.unreadable(clock.instant(), String.valueOf(e.getMessage()));
        }
    }

    private SourceCounts counts(Statement statement) throws SQLException {
        Map<String, Long> written = new TreeMap<>();
        try (ResultSet rows = statement.executeQuery(ROWS)) {
            while (rows.next()) {
                written.put(new TableName(rows.getString(1), rows.getString(2)).toString(), rows.getLong(3));
            }
        }
        return new SourceCounts(clock.instant(), number(statement, FILES), number(statement, ROLLBACKS), written);
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static List<FormerClient> clients(Statement statement) throws SQLException {
        List<FormerClient> clients = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(CLIENTS)) {
            while (rows.next()) {
                @Nullable Timestamp since = rows.getTimestamp(5);
                Optional<String> state = Optional.ofNullable(rows.getString(6));
                clients.add(new FormerClient(
                        rows.getInt(1),
                        rows.getString(2),
                        Optional.ofNullable(rows.getString(3)),
                        Optional.ofNullable(rows.getString(4)),
                        Optional.ofNullable(since).map(Timestamp::toInstant),
                        state,
                        kind(rows.getBoolean(7), state)));
            }
        }
        return clients;
    }

    private static FormerClient.Kind kind(boolean writes, Optional<String> state) {
        if (writes) {
            return FormerClient.Kind.WRITES;
        }
        return state.filter("idle in transaction (aborted)"::equals).isPresent()
                ? FormerClient.Kind.FAILED
                : FormerClient.Kind.CONNECTED;
    }
}
