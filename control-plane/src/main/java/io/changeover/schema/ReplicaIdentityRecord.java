package io.changeover.schema;

import io.changeover.postgres.ReplicaIdentity;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/** Which replica identities were changed on the source, and what they were: in the target, in schema changeover. */
final class ReplicaIdentityRecord {

    private static final String TABLE = """
            create schema if not exists changeover;
            create table if not exists changeover.replica_identity (
                schema_name text not null, table_name text not null, was text not null,
                changed_at timestamptz not null default pg_catalog.clock_timestamp(),
                primary key (schema_name, table_name))""";

    private final Connection target;

    private ReplicaIdentityRecord(Connection target) {
        this.target = target;
    }

    /** The record, made if it is not there. */
    static ReplicaIdentityRecord open(Connection target) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute(TABLE);
        }
        return new ReplicaIdentityRecord(target);
    }

    /** Whether there is one: before the first change there need not be. */
    static boolean exists(Connection target) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select pg_catalog.to_regclass('changeover.replica_identity') is not null")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    /** What the changed tables were set to. */
    Map<TableName, ReplicaIdentity.Setting> read() throws SQLException {
        Map<TableName, ReplicaIdentity.Setting> changed = new TreeMap<>();
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select schema_name, table_name, was from changeover.replica_identity")) {
            while (rows.next()) {
                changed.put(
                        new TableName(rows.getString(1), rows.getString(2)),
                        ReplicaIdentity.Setting.valueOf(rows.getString(3)));
            }
        }
        return changed;
    }

    /** Notes a table that is about to be changed; what was noted first stays. */
    void add(TableName table, ReplicaIdentity.Setting was) throws SQLException {
        try (PreparedStatement insert = target.prepareStatement(
                "insert into changeover.replica_identity values (?, ?, ?) on conflict do nothing")) {
            insert.setString(1, table.schema());
            insert.setString(2, table.name());
            insert.setString(3, was.name());
            insert.executeUpdate();
        }
    }

    /** Forgets a table that is as it was. */
    void remove(TableName table) throws SQLException {
        try (PreparedStatement delete = target.prepareStatement(
                "delete from changeover.replica_identity where schema_name = ? and table_name = ?")) {
            delete.setString(1, table.schema());
            delete.setString(2, table.name());
            delete.executeUpdate();
        }
    }
}
