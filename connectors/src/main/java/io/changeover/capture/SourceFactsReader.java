package io.changeover.capture;

import io.changeover.postgres.Connections;
import io.changeover.postgres.PublishedTables;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Asks the source for {@link SourceFacts}. */
final class SourceFactsReader {

    private SourceFactsReader() {}

    /**
     * Asks.
     *
     * @param source an open connection to the database
     * @param settings of the same database, for a replication connection: only there a role that is no superuser may
     *     ask for the system's identity
     */
    static SourceFacts read(Connection source, ServerSettings settings, String slot, String publication)
            throws SQLException {
        try (Connection replication = Connections.openReplication(settings, "changeover-capture");
                Statement statement = replication.createStatement();
                ResultSet rows = statement.executeQuery("IDENTIFY_SYSTEM")) {
            rows.next();
            return new SourceFacts(
                    rows.getString("systemid"),
                    rows.getLong("timeline"),
                    LogSequenceNumber.valueOf(rows.getString("xlogpos")),
                    slot(source, slot),
                    publication(source, publication));
        }
    }

    private static Optional<SourceFacts.Slot> slot(Connection source, String name) throws SQLException {
        // columns that not every version has are read through json
        String sql = """
                select s.confirmed_flush_lsn::text, to_jsonb(s) ->> 'wal_status', to_jsonb(s) ->> 'invalidation_reason',
                s.active_pid from pg_replication_slots s where s.slot_name = ?""";
        try (PreparedStatement select = source.prepareStatement(sql)) {
            select.setString(1, name);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                @Nullable String confirmed = rows.getString(1);
                return Optional.of(new SourceFacts.Slot(
                        confirmed == null ? LogSequenceNumber.INVALID_LSN : LogSequenceNumber.valueOf(confirmed),
                        lost(rows.getString(2), rows.getString(3)),
                        Optional.ofNullable(rows.getObject(4, Integer.class))));
            }
        }
    }

    private static Optional<String> lost(@Nullable String walStatus, @Nullable String invalidationReason) {
        if (invalidationReason != null) {
            return Optional.of(invalidationReason);
        }
        return "lost".equals(walStatus) ? Optional.of("wal_removed") : Optional.empty();
    }

    /** Tables, columns, row filters and kinds of changes: all of it decides what is in the stream. */
    private static Optional<String> publication(Connection source, String name) throws SQLException {
        if (Plugin.of(source) == Plugin.TEST_DECODING) {
            List<TableName> tables = PublishedTables.read(source, name);
            return tables.isEmpty() ? Optional.empty() : Optional.of(tables.toString());
        }
        String sql = """
                select concat_ws(' ', p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete,
                (to_jsonb(p) ->> 'pubtruncate')::boolean,
                to_jsonb(p) ->> 'pubviaroot', (select string_agg(concat_ws(' ', r.prrelid,
                to_jsonb(r) ->> 'prattrs', to_jsonb(r) ->> 'prqual'), ',' order by r.prrelid)
                from pg_publication_rel r where r.prpubid = p.oid))
                from pg_publication p where p.pubname = ?""";
        try (PreparedStatement select = source.prepareStatement(sql)) {
            select.setString(1, name);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        }
    }
}
