package io.changeover.lag;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The target at one moment. Needs no privilege: a role sees its own sessions, and of others the name.
 *
 * @param standby whether it is one, and takes no writes
 * @param readOnly whether sessions that do not say otherwise, as ours do, may only read
 * @param lockWait what the sink waits for
 * @param reads whether it waits for the sink to send, within a transaction
 */
record TargetLook(boolean standby, boolean readOnly, Optional<Signs.LockWait> lockWait, boolean reads) {

    private static final String SINK = """
            with sink as (
                select pid, state, wait_event_type, wait_event,
                       extract(epoch from clock_timestamp() - query_start) * 1000 as waited
                  from pg_catalog.pg_stat_activity
                 where datname = current_database() and usename = current_user
                   and application_name = left('changeover sink ' || ?, 63)
                 order by coalesce(wait_event_type = 'Lock', false) desc, pid
                 limit 1)
            select pg_catalog.pg_is_in_recovery(),
                   (select reset_val = 'on' from pg_catalog.pg_settings where name = 'default_transaction_read_only'),
                   coalesce(sink.wait_event_type = 'Lock', false), coalesce(sink.waited, 0)::bigint,
                   coalesce(sink.wait_event = 'ClientRead' and sink.state in ('active', 'idle in transaction'), false),
                   array(select case when h.pid = 0 then 'a prepared transaction'
                                     else 'session ' || h.pid || coalesce(' of ' || a.usename, '')
                                          || coalesce(' (' || nullif(a.application_name, '') || ')', '')
                                          || coalesce(', ' || a.state, '') end
                           from unnest(case when sink.wait_event_type = 'Lock'
                                            then pg_catalog.pg_blocking_pids(sink.pid) end) as h (pid)
                           left join pg_catalog.pg_stat_activity a on a.pid = h.pid)
              from (select) as always left join sink on true""";

    /** Looks. */
    static TargetLook read(Connection target, String stream) throws SQLException {
        try (PreparedStatement select = target.prepareStatement(SINK)) {
            select.setString(1, stream);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                Optional<Signs.LockWait> wait = rows.getBoolean(3)
                        ? Optional.of(new Signs.LockWait(Duration.ofMillis(rows.getLong(4)), strings(rows.getArray(6))))
                        : Optional.empty();
                return new TargetLook(rows.getBoolean(1), rows.getBoolean(2), wait, rows.getBoolean(5));
            }
        }
    }

    /** What threatens the migration, with the remedy. */
    Optional<String> warning() {
        return readOnly
                ? Optional.of("The target is read-only for whoever does not ask for more"
                        + " (default_transaction_read_only is on): applications could not write to it after the cutover."
                        + " Azure sets it when the disk is nearly full: give it more room")
                : Optional.empty();
    }

    private static List<String> strings(Array array) throws SQLException {
        return Arrays.stream((@Nullable Object[]) array.getArray())
                .map(String::valueOf)
                .distinct()
                .toList();
    }
}
