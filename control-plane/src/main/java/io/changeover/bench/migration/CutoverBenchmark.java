package io.changeover.bench.migration;

import io.changeover.bench.BenchmarkReport;
import io.changeover.bench.Figures;
import io.changeover.bench.Machine;
import io.changeover.bench.Measurements;
import io.changeover.bench.Parts;
import io.changeover.demo.DvdRental;
import io.changeover.demo.WriteLoad;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.CutoverResult;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Wish;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.VerificationSpec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Measures cutovers: the sample database is migrated again and again while an application writes to it, each time cut
 * over, and each time compared row by row with what the application was told. A migration that lost something ends the
 * benchmark.
 */
public final class CutoverBenchmark {

    private static final String TEMPLATE = "dvdrental";
    private static final int CLIENTS = 4;
    private static final double SHARE = 0.95;
    private static final int ROWS_OF_EACH = 10;

    /**
     * What to do.
     *
     * @param cutovers how many
     * @param transactionsPerSecond of the application
     * @param tables beside those of the sample
     * @param scale of the sample; 1 is about 200,000 rows
     */
    public record Settings(int cutovers, int transactionsPerSecond, int tables, double scale) {}

    private final Settings settings;
    private final Path directory;
    private final Parts parts;
    private final Consumer<String> progress;
    private final Measurements measurements = new Measurements();
    private final List<Double> freezes = new ArrayList<>();
    private final List<Double> pauses = new ArrayList<>();

    /**
     * A benchmark that has not begun.
     *
     * @param directory for Kafka's topics and logs
     * @param parts gets everything that is started; closing it interrupts the benchmark
     * @param progress is told what goes on, in lines
     */
    public CutoverBenchmark(Settings settings, Path directory, Parts parts, Consumer<String> progress) {
        this.settings = settings;
        this.directory = directory;
        this.parts = parts;
        this.progress = progress;
    }

    /**
     * Runs it.
     *
     * @throws Exception if a part does not start, or a migration fails or loses something
     */
    public BenchmarkReport run() throws Exception {
        Map<String, Object> machine = Machine.describe();
        MigrationServers servers = MigrationServers.start(parts, true);
        machine.put("postgresql", servers.versions());
        machine.put("cutovers", settings.cutovers());
        machine.put("transactions/s", settings.transactionsPerSecond() + " asked for, " + CLIENTS + " clients");
        progress.accept("making the sample database");
        machine.put("rows", fill(servers));
        machine.put("further tables", settings.tables());
        BenchMigration migrations = BenchMigration.start(servers, directory, parts);
        for (int number = 1; number <= settings.cutovers(); number++) {
            String database = "rental_" + number;
            servers.createSource(database, TEMPLATE);
            servers.createTarget(database);
            cutOver(servers, migrations, database, number);
            migrations.remove(database, Wish.FINISH);
            servers.drop(database);
        }
        measurements.add("freeze, 95 % of the cutovers", "ms", share(freezes));
        measurements.add("pause of the application, 95 %", "ms", share(pauses));
        return measurements.report("cutover", machine);
    }

    private long fill(MigrationServers servers) throws SQLException {
        servers.createSource(TEMPLATE, "template1");
        try (Connection owner = Connections.open(servers.source(TEMPLATE, MigrationServers.APPLICATION), "bench")) {
            long rows = DvdRental.create(owner, settings.scale(), 1).total();
            for (int i = 1; i <= settings.tables(); i++) {
                try (var statement = owner.createStatement()) {
                    statement.execute("create table public.further_" + i
                            + " (id bigint generated always as identity primary key, at timestamptz, what text)");
                    statement.execute("insert into public.further_" + i
                            + " (at, what) select now(), 'row ' || n from generate_series(1, " + ROWS_OF_EACH + ") n");
                }
            }
            return rows + (long) settings.tables() * ROWS_OF_EACH;
        }
    }

    private void cutOver(MigrationServers servers, BenchMigration migrations, String database, int number)
            throws Exception {
        ServerSettings target = servers.target(database, MigrationServers.APPLICATION);
        AtomicReference<ServerSettings> writeTo =
                new AtomicReference<>(servers.source(database, MigrationServers.APPLICATION));
        WriteLoad load = parts.add(WriteLoad.start(
                writeTo::get, new WriteLoad.Settings(CLIENTS, settings.transactionsPerSecond(), number)));
        migrations.begin(database, VerificationSpec.DEFAULT);
        migrations.await(database, DatabaseState.READY_TO_CUTOVER);
        double rate = rate(load);
        migrations.cutOver(database);
        migrations.await(database, DatabaseState.COMPLETED);
        writeTo.set(target);
        BenchMigration.await(
                "the application writes to the target",
                () -> load.failure().isPresent() || load.pauseAtSwitch().isPresent());
        BenchMigration.await(
                database + " is compared",
                () -> migrations.status(database).comparison().isPresent());
        load.close();
        requireWell(load, target, migrations.status(database));
        note(number, migrations.status(database), load, rate);
    }

    /** How fast the application really is: over a second, or 500 of its transactions. */
    private static double rate(WriteLoad load) throws Exception {
        long before = load.transactions();
        long began = System.nanoTime();
        BenchMigration.await(
                "the application writes",
                () -> load.failure().isPresent()
                        || (load.transactions() - before >= 500
                                && System.nanoTime() - began
                                        > Duration.ofSeconds(1).toNanos()));
        return (load.transactions() - before) / ((System.nanoTime() - began) / 1e9);
    }

    private static void requireWell(WriteLoad load, ServerSettings target, DatabaseStatus status) throws SQLException {
        if (load.failure().isPresent()) {
            throw new IllegalStateException(
                    "The application failed", load.failure().get());
        }
        ComparisonResult comparison = status.comparison().orElseThrow();
        if (!comparison.equal()) {
            throw new IllegalStateException("The target is not equal: " + comparison.differences());
        }
        try (Connection connection = Connections.open(target, "bench")) {
            Optional<String> missing = load.missingOn(connection);
            if (missing.isPresent()) {
                throw new IllegalStateException("Acknowledged and missing: " + missing.get());
            }
        }
    }

    private void note(int number, DatabaseStatus status, WriteLoad load, double rate) {
        CutoverResult result = status.cutover().orElseThrow();
        double pause = load.pauseAtSwitch().orElseThrow().toNanos() / 1e6;
        freezes.add((double) result.freezeMillis());
        pauses.add(pause);
        measurements.add("freeze", "ms", (double) result.freezeMillis());
        result.phases().forEach(phase -> measurements.add("  " + phase.name(), "ms", (double) phase.millis()));
        measurements.add("pause of the application", "ms", pause);
        measurements.add("transactions before it", "/s", rate);
        progress.accept(String.format(
                Locale.ROOT,
                "%d of %d: freeze %d ms, pause %s ms, at %s transactions/s; equal, nothing is missing",
                number,
                settings.cutovers(),
                result.freezeMillis(),
                Figures.of(pause),
                Figures.of(rate)));
    }

    /** What 95 of 100 do not exceed; of fewer than 20 the longest. */
    private static double share(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get((int) Math.ceil(sorted.size() * SHARE) - 1);
    }
}
