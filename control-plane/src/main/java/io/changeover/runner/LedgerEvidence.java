package io.changeover.runner;

import io.changeover.ledger.Ledger;
import io.changeover.ledger.QuarantineLedger;
import io.changeover.migration.Evidence;
import io.changeover.postgres.Connections;
import io.changeover.postgres.TableName;
import io.changeover.roles.StructureReport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads from the target's ledger what an auditor will ask for when it is gone. */
final class LedgerEvidence {

    private static final String TABLES = """
            select l.schema_name, l.table_name, l.rows, l.bytes, l.snapshot, l.snapshot_lsn::text, l.finished_at,
            coalesce(c.inserts, 0), coalesce(c.updates, 0), coalesce(c.deletes, 0), coalesce(c.truncates, 0)
            from changeover.loads l left join changeover.counters c
            on c.schema_name = l.schema_name and c.table_name = l.table_name and c.stream = ?
            order by l.schema_name collate "C", l.table_name collate "C\"""";

    private static final String FOREIGN_KEYS = """
            select schema_name, table_name, name, definition, violations, source_violations, proved_at, milliseconds
            from changeover.foreign_keys
            order by schema_name collate "C", table_name collate "C", name collate "C\"""";

    private LedgerEvidence() {}

    /** What there is now; of a target without a ledger the versions only. */
    static Evidence.Ledger read(Pair pair, Clock clock) throws SQLException {
        try (Connection source = Connections.open(pair.source(), "changeover-control");
                Connection target = Connections.open(pair.target(), "changeover-control")) {
            boolean exists = Ledger.exists(target);
            return new Evidence.Ledger(
                    clock.instant(),
                    version(source),
                    version(target),
                    exists ? silencedBy(target) : "",
                    exists ? tables(target, pair.names().changeTopic()) : List.of(),
                    exists ? foreignKeys(target) : List.of(),
                    exists ? quarantine(target, pair.names().changeTopic()) : List.of(),
                    StructureReport.read(target));
        }
    }

    private static String version(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductVersion();
    }

    private static String silencedBy(Connection target) throws SQLException {
        try (PreparedStatement select = target.prepareStatement("select mode from changeover.guard_state");
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private static List<Evidence.Table> tables(Connection target, String stream) throws SQLException {
        try (PreparedStatement select = target.prepareStatement(TABLES)) {
            select.setString(1, stream);
            try (ResultSet rows = select.executeQuery()) {
                List<Evidence.Table> tables = new ArrayList<>();
                while (rows.next()) {
                    tables.add(new Evidence.Table(
                            new TableName(rows.getString(1), rows.getString(2)).toString(),
                            rows.getLong(3),
                            rows.getLong(4),
                            Optional.ofNullable(rows.getString(5)),
                            Optional.ofNullable(rows.getString(6)),
                            instant(rows, 7),
                            rows.getLong(8),
                            rows.getLong(9),
                            rows.getLong(10),
                            rows.getLong(11)));
                }
                return tables;
            }
        }
    }

    private static List<Evidence.ForeignKey> foreignKeys(Connection target) throws SQLException {
        try (PreparedStatement select = target.prepareStatement(FOREIGN_KEYS);
                ResultSet rows = select.executeQuery()) {
            List<Evidence.ForeignKey> keys = new ArrayList<>();
            while (rows.next()) {
                keys.add(new Evidence.ForeignKey(
                        new TableName(rows.getString(1), rows.getString(2)).toString(),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getLong(5),
                        rows.getLong(6),
                        instant(rows, 7).orElseThrow(),
                        rows.getLong(8)));
            }
            return keys;
        }
    }

    private static List<String> quarantine(Connection target, String stream) throws SQLException {
        return QuarantineLedger.entries(target, stream).stream()
                .map(entry -> entry.failure().table() + " at "
                        + entry.failure().commitLsn().asString() + ": "
                        + entry.failure().state().word() + " since " + entry.failedAt() + ", "
                        + entry.failure().sqlState() + ", " + entry.heldBack() + " changes held back")
                .toList();
    }

    private static Optional<Instant> instant(ResultSet rows, int column) throws SQLException {
        @Nullable OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
        return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
    }
}
