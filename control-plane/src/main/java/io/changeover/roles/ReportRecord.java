package io.changeover.roles;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.changeover.migration.SchemaReport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** The report in the target, in schema changeover: written by the transaction that does what it tells. */
final class ReportRecord {

    private static final String TABLE = """
            create schema if not exists changeover;
            create table if not exists changeover.schema_report (
                one boolean primary key default true check (one), report text not null,
                written_at timestamptz not null default pg_catalog.clock_timestamp())""";

    private static final String WRITE = "insert into changeover.schema_report (report) values (?)"
            + " on conflict (one) do update set report = excluded.report, written_at = pg_catalog.clock_timestamp()";

    private static final JsonMapper MAPPER =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    private ReportRecord() {}

    /** What the last run wrote; empty if there was none. */
    static Optional<SchemaReport> read(Connection target) throws SQLException {
        try (Statement statement = target.createStatement()) {
            if (!exists(statement)) {
                return Optional.empty();
            }
            try (ResultSet rows = statement.executeQuery("select report from changeover.schema_report")) {
                return rows.next() ? Optional.of(parse(rows.getString(1))) : Optional.empty();
            }
        }
    }

    private static boolean exists(Statement statement) throws SQLException {
        try (ResultSet rows =
                statement.executeQuery("select pg_catalog.to_regclass('changeover.schema_report') is not null")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    /** Puts this in its place, in the current transaction. */
    static void write(Connection target, SchemaReport report) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute(TABLE);
        }
        try (PreparedStatement insert = target.prepareStatement(WRITE)) {
            insert.setString(1, MAPPER.writeValueAsString(report));
            insert.executeUpdate();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The report of the structure could not be written", e);
        }
    }

    private static SchemaReport parse(String text) {
        try {
            return MAPPER.readValue(text, SchemaReport.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("changeover.schema_report of the target does not hold a report", e);
        }
    }
}
