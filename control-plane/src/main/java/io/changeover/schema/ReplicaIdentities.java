package io.changeover.schema;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ReplicaIdentity;
import io.changeover.postgres.ReplicaIdentity.Setting;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.UserTables;
import io.changeover.spec.TableSelection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives tables of the source REPLICA IDENTITY FULL before they are published, and puts back what they had.
 *
 * <p>What a table had is recorded in the target, and durable there, before the table is changed; it is forgotten after
 * the table is as it was. Killed between any two statements, the same call again ends the work. Each table is changed
 * in a transaction of its own, under a lock that is waited for briefly.
 */
public final class ReplicaIdentities {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicaIdentities.class);
    private static final String APPLICATION = "changeover-identity";

    private final ServerSettings source;
    private final ServerSettings target;
    private final TableSelection selection;
    private final Duration patience;

    /**
     * The identities of a pair.
     *
     * @param selection which tables are migrated
     * @param patience how long the lock of one table is tried for
     */
    public ReplicaIdentities(
            ServerSettings source, ServerSettings target, TableSelection selection, Duration patience) {
        this.source = source;
        this.target = target;
        this.selection = selection;
        this.patience = patience;
    }

    /** The tables of a migration that have no usable replica identity, by name. */
    public static List<TableName> missing(Connection source, TableSelection selection) throws SQLException {
        List<TableName> missing = new ArrayList<>(UserTables.logged(source));
        missing.removeIf(Predicate.not(Scope.read(source, selection)::hasRows));
        Map<TableName, ReplicaIdentity> identities = ReplicaIdentity.read(source);
        missing.removeIf(table -> Optional.ofNullable(identities.get(table))
                .map(ReplicaIdentity::usable)
                .orElse(true));
        return missing;
    }

    /**
     * Gives FULL to every table of the migration that has no usable replica identity.
     *
     * @throws SQLException names the table; with SQLSTATE 55P03 if its lock was not to be had
     */
    public void complete() throws SQLException {
        try (Connection from = Connections.open(source, APPLICATION)) {
            List<TableName> missing = missing(from, selection);
            if (!missing.isEmpty()) {
                try (Connection to = Connections.open(target, APPLICATION)) {
                    complete(from, missing, ReplicaIdentityRecord.open(to));
                }
            }
        }
    }

    private void complete(Connection from, List<TableName> missing, ReplicaIdentityRecord record) throws SQLException {
        Map<TableName, ReplicaIdentity> identities = ReplicaIdentity.read(from);
        for (TableName table : missing) {
            ReplicaIdentity before = identities.get(table);
            if (before != null) {
                record.add(table, before.setting());
                set(from, table, "full");
                LOG.info("{} on the source has REPLICA IDENTITY FULL now; it was {}", table, before.setting());
            }
        }
    }

    /**
     * Puts back what {@link #complete} has changed. A table that is gone, or that somebody has set to something else
     * since, is left alone.
     *
     * @throws SQLException names the table; with SQLSTATE 55P03 if its lock was not to be had
     */
    public void restore() throws SQLException {
        try (Connection to = Connections.open(target, APPLICATION)) {
            if (ReplicaIdentityRecord.exists(to)) {
                try (Connection from = Connections.open(source, APPLICATION)) {
                    restore(from, ReplicaIdentityRecord.open(to));
                }
            }
        }
    }

    /** The statements with which {@link #restore} would put back what was changed; only the target is asked. */
    public List<String> undo() throws SQLException {
        try (Connection to = Connections.open(target, APPLICATION)) {
            if (!ReplicaIdentityRecord.exists(to)) {
                return List.of();
            }
            return ReplicaIdentityRecord.open(to).read().entrySet().stream()
                    .map(changed -> alter(changed.getKey(), words(changed.getValue())))
                    .toList();
        }
    }

    private static String alter(TableName table, String identity) {
        return "alter table only " + table.quoted() + " replica identity " + identity;
    }

    private void restore(Connection from, ReplicaIdentityRecord record) throws SQLException {
        Map<TableName, ReplicaIdentity> now = ReplicaIdentity.read(from);
        for (Map.Entry<TableName, Setting> changed : record.read().entrySet()) {
            TableName table = changed.getKey();
            ReplicaIdentity identity = now.get(table);
            if (identity != null && identity.setting() == Setting.FULL) {
                set(from, table, words(changed.getValue()));
                LOG.info("{} on the source has its replica identity {} again", table, changed.getValue());
            }
            record.remove(table);
        }
    }

    /** An index that was not usable cannot be named again; NOTHING is what it meant. */
    private static String words(Setting was) {
        return switch (was) {
            case DEFAULT -> "default";
            case FULL -> "full";
            case NOTHING, INDEX -> "nothing";
        };
    }

    private void set(Connection from, TableName table, String identity) throws SQLException {
        String sql = alter(table, identity);
        try {
            new BriefLock(from, patience).run(sql);
        } catch (SQLException e) {
            throw new SQLException(
                    "The replica identity of the source's table " + table + " could not be changed (" + sql + "): "
                            + e.getMessage(),
                    e.getSQLState(),
                    e);
        }
    }
}
