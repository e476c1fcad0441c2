package io.changeover.verify;

import io.changeover.postgres.TableName;
import io.changeover.sink.guard.ClaimedKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Proofs in the ledger ({@code changeover.foreign_keys}). */
final class ProofRecord {

    private ProofRecord() {}

    /** A proof of some time ago. */
    record Earlier(Proof proof, Duration age) {}

    /** The last proof of a key as it is defined now. */
    static Optional<Earlier> read(Connection target, ClaimedKey key) throws SQLException {
        String sql = """
                select violations, source_violations, lasting, milliseconds,
                (extract(epoch from clock_timestamp() - proved_at) * 1000)::bigint
                from changeover.foreign_keys where schema_name = ? and table_name = ? and name = ? and definition = ?""";
        try (PreparedStatement select = prepare(target, sql, key)) {
            try (ResultSet rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Earlier(
                                new Proof(rows.getLong(1), rows.getLong(2), rows.getBoolean(3), rows.getLong(4)),
                                Duration.ofMillis(rows.getLong(5))))
                        : Optional.empty();
            }
        }
    }

    static void write(Connection target, ClaimedKey key, Proof proof) throws SQLException {
        String sql = """
                insert into changeover.foreign_keys (schema_name, table_name, name, definition,
                violations, source_violations, lasting, milliseconds) values (?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (schema_name, table_name, name) do update set definition = excluded.definition,
                violations = excluded.violations, source_violations = excluded.source_violations,
                lasting = excluded.lasting, milliseconds = excluded.milliseconds, proved_at = excluded.proved_at""";
        try (PreparedStatement upsert = prepare(target, sql, key)) {
            upsert.setLong(5, proof.violations());
            upsert.setLong(6, proof.sourceViolations());
            upsert.setBoolean(7, proof.lasting());
            upsert.setLong(8, proof.milliseconds());
            upsert.executeUpdate();
        }
    }

    static void forget(Connection target, TableName table, String name) throws SQLException {
        String sql = "delete from changeover.foreign_keys where schema_name = ? and table_name = ? and name = ?";
        try (PreparedStatement delete = target.prepareStatement(sql)) {
            delete.setString(1, table.schema());
            delete.setString(2, table.name());
            delete.setString(3, name);
            delete.executeUpdate();
        }
    }

    private static PreparedStatement prepare(Connection target, String sql, ClaimedKey key) throws SQLException {
        PreparedStatement statement = target.prepareStatement(sql);
        statement.setString(1, key.table().schema());
        statement.setString(2, key.table().name());
        statement.setString(3, key.name());
        statement.setString(4, key.definition());
        return statement;
    }
}
