package io.changeover.load;

import io.changeover.fault.CrashPoint;
import io.changeover.ledger.LoadLedger;
import io.changeover.ledger.ReloadLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ReplicaRole;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Has a table loaded again, or for the first time, while its stream goes on with all others. */
public final class Reload {

    /** Whoever waits for a lock has all others wait behind him. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private Reload() {}

    /**
     * Empties the table on the target, has the stream pass it over, and puts it into the queue of loads. What a running
     * load connector has left to do, it does.
     *
     * @param stream the change topic
     * @throws SQLException with SQLSTATE 55P03 if the table is being loaded, or the stream applies a large transaction;
     *     42P01 if the table is not on both sides; 42809 if it is partitioned on the source: its rows are those of its
     *     {@linkplain #parts parts}, and only those can be loaded
     */
    public static void begin(ServerSettings source, ServerSettings target, String stream, TableName table)
            throws SQLException {
        requireRows(source, table);
        LoadLedger.Entry entry = entry(source, table);
        try (Connection into = Connections.open(target, "changeover-reload")) {
            if (!ReplicaRole.take(into)) {
                QuietTable.require(into, table);
            }
            into.setAutoCommit(false);
            try (Statement statement = into.createStatement()) {
                statement.execute("set local lock_timeout = '" + LONGEST_WAIT.toMillis() + "ms'");
            }
            TargetRows.lock(into, table);
            TargetRows.remove(into, table);
            ReloadLedger.begin(into, stream, entry);
            CrashPoint.RELOAD_BEFORE_BEGIN.hit();
            into.commit();
            CrashPoint.RELOAD_AFTER_BEGIN.hit();
        }
    }

    private static void requireRows(ServerSettings source, TableName table) throws SQLException {
        if (isRelation(source, table, "p")) {
            throw new SQLException(
                    "Table " + table + " is partitioned on the source: its partitions are loaded, one by one", "42809");
        }
    }

    /**
     * The tables that hold the rows of a table of the source: itself, or its partitions and theirs; none if it is gone.
     */
    public static List<TableName> parts(ServerSettings source, TableName table) throws SQLException {
        String sql = """
                with recursive part as (
                    select oid, relkind from pg_class where oid = to_regclass(?)
                    union all
                    select c.oid, c.relkind from part join pg_inherits i on i.inhparent = part.oid
                      join pg_class c on c.oid = i.inhrelid
                     where part.relkind = 'p'
                )
                select n.nspname, c.relname from part join pg_class c on c.oid = part.oid
                  join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' order by 1, 2""";
        List<TableName> parts = new ArrayList<>();
        try (Connection connection = Connections.open(source, "changeover-reload");
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, table.quoted());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    parts.add(new TableName(rows.getString(1), rows.getString(2)));
                }
            }
        }
        return parts;
    }

    /** Why a table cannot be loaded: it is not on both sides, or none that holds rows itself. Empty if it can. */
    public static Optional<String> obstacle(ServerSettings source, ServerSettings target, TableName table)
            throws SQLException {
        if (!isRelation(source, table, "r")) {
            return Optional.of("there is no table " + table + " on the source that holds rows itself");
        }
        return isRelation(target, table, "r") || isRelation(target, table, "p")
                ? Optional.empty()
                : Optional.of("there is no table " + table + " on the target: make it there first");
    }

    private static boolean isRelation(ServerSettings server, TableName table, String kind) throws SQLException {
        String sql = "select exists (select from pg_class where oid = to_regclass(?) and relkind::text = ?)";
        try (Connection connection = Connections.open(server, "changeover-reload");
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, table.quoted());
            select.setString(2, kind);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    private static LoadLedger.Entry entry(ServerSettings source, TableName table) throws SQLException {
        try (Connection from = Connections.open(source, "changeover-reload")) {
            return TableSizes.of(from, List.of(table)).stream()
                    .findFirst()
                    .orElseThrow(() -> new SQLException("Table " + table + " is not on the source", "42P01"));
        }
    }
}
