package io.changeover.bench.control;

import io.changeover.ledger.Ledger;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Migration;
import io.changeover.migration.Names;
import io.changeover.migration.Step;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import io.changeover.spec.CutoverMode;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A migration of many databases with many tables each, loaded and paused. The control plane sees tables through the
 * ledger only, so only the ledger is there.
 */
final class ManyTables {

    /** The migration's name. */
    static final String MIGRATION = "many";

    private static final String LOADS = """
            insert into changeover.loads (schema_name, table_name, state, estimated_rows, estimated_bytes, rows, bytes,
                                          snapshot, snapshot_lsn, finished_at, format)
            select 'application_' || n % 20, 'a_table_with_a_name_of_a_usual_length_' || n, 'done', 1000 * n, 100000 * n,
                   1000 * n, 100000 * n, '1000:1000:', '0/1000', now(), 'binary'
              from generate_series(1, ?) n""";
    private static final String COUNTERS = """
            insert into changeover.counters (stream, schema_name, table_name, inserts, updates, deletes, truncates)
            select ?, schema_name, table_name, 10, 20, 30, 0 from changeover.loads""";
    private static final String STREAM = """
            insert into changeover.streams (stream, epoch, topic_offset, commit_lsn, transactions)
            values (?, 1, 0, '0/1000', 1)""";

    private ManyTables() {}

    /** The names of the databases. */
    static List<String> databases(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(n -> "application" + n).toList();
    }

    /** Makes the databases of both servers, and the ledgers. */
    static void fill(LocalPostgres source, LocalPostgres target, List<String> databases, int tables)
            throws SQLException {
        for (String database : databases) {
            execute(source.settings("postgres"), "create database " + database);
            execute(target.settings("postgres"), "create database " + database);
            try (Connection to = Connections.open(target.settings(database), "changeover-bench")) {
                Ledger.create(to);
                String stream = new Names(MIGRATION, database).changeTopic();
                try (PreparedStatement loads = to.prepareStatement(LOADS);
                        PreparedStatement counters = to.prepareStatement(COUNTERS);
                        PreparedStatement position = to.prepareStatement(STREAM)) {
                    loads.setInt(1, tables);
                    loads.execute();
                    counters.setString(1, stream);
                    counters.execute();
                    position.setString(1, stream);
                    position.execute();
                }
            }
        }
    }

    private static void execute(ServerSettings where, String sql) throws SQLException {
        try (Connection connection = Connections.open(where, "changeover-bench");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * The migration as the control plane remembers it.
     *
     * @param directory for the file with the throw-away passwords of both servers
     */
    static Migration migration(LocalPostgres source, LocalPostgres target, List<String> databases, Path directory)
            throws IOException {
        Path passwords = Files.createDirectories(directory).resolve("passwords.properties");
        ServerSettings from = source.settings("postgres");
        ServerSettings to = target.settings("postgres");
        Files.writeString(passwords, "source=" + from.password() + "\ntarget=" + to.password() + "\n");
        MigrationSpec spec = new MigrationSpec(
                MIGRATION,
                server(from, "${file:" + passwords + ":source}"),
                server(to, "${file:" + passwords + ":target}"),
                databases.stream().map(name -> new DatabasePair(name, name)).toList(),
                SchemaMode.COPY,
                RolesMode.LEAVE,
                ReplicaIdentityMode.KEEP,
                LoadSpec.DEFAULT,
                new CutoverSpec(CutoverMode.MANUAL, Duration.ofSeconds(30)),
                Optional.empty());
        Instant now = Instant.now();
        return new Migration(
                spec, spec.databases().stream().map(pair -> paused(pair, now)).toList());
    }

    private static DatabaseStatus paused(DatabasePair pair, Instant now) {
        DatabaseStatus status = DatabaseStatus.created(pair, now).withLoadedLsn("0/1000");
        for (Step step : EnumSet.range(Step.PREFLIGHT, Step.STATISTICS)) {
            status = status.with(step);
        }
        return status.moved(DatabaseState.PAUSED, now);
    }

    private static ServerSpec server(ServerSettings settings, String password) {
        return new ServerSpec(
                settings.host(), settings.port(), settings.user(), password, SslMode.DISABLE, Optional.empty());
    }
}
