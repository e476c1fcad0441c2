package io.changeover.bench.migration;

import io.changeover.bench.BenchmarkReport;
import io.changeover.bench.Figures;
import io.changeover.bench.Machine;
import io.changeover.bench.Measurements;
import io.changeover.bench.Parts;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.Wish;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.VerificationMode;
import io.changeover.spec.VerificationSpec;
import io.changeover.verify.live.TableVerification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Measures the verification of one narrow table while its migration streams: how many rows a second it compares, and
 * what it takes from the stream when it is throttled to half of the time. The stream gets many changes at once, so that
 * it is as fast as it can be, without and with a verification beside it, in turn in the same migration.
 */
public final class VerifyBenchmark {

    private static final int PARALLELISM = 2;
    private static final int CHANGES_PER_TRANSACTION = 100;
    private static final int CHANGED_ROWS = 100_000;
    private static final String TABLE = "create table public.narrow (id bigint primary key, customer int, quantity int,"
            + " amount int, at timestamptz)";

    /**
     * What to do.
     *
     * @param rows of the table
     * @param changes in each measurement of the stream
     * @param runs migrations that are measured; one more comes first, to warm up
     */
    public record Settings(long rows, int changes, int runs) {}

    private final Settings settings;
    private final Path directory;
    private final Parts parts;
    private final Consumer<String> progress;
    private final Measurements measurements = new Measurements();

    /**
     * A benchmark that has not begun.
     *
     * @param directory for Kafka's topics and logs
     * @param parts gets everything that is started; closing it interrupts the benchmark
     * @param progress is told what goes on, in lines
     */
    public VerifyBenchmark(Settings settings, Path directory, Parts parts, Consumer<String> progress) {
        this.settings = settings;
        this.directory = directory;
        this.parts = parts;
        this.progress = progress;
    }

    /**
     * Runs it.
     *
     * @throws Exception if a part does not start, a change does not arrive, or a row is not found to be equal
     */
    public BenchmarkReport run() throws Exception {
        Map<String, Object> machine = Machine.describe();
        MigrationServers servers = MigrationServers.start(parts, false);
        machine.put("postgresql", servers.versions());
        machine.put("runs", settings.runs());
        machine.put("rows", settings.rows());
        machine.put("changes", settings.changes() + " in transactions of " + CHANGES_PER_TRANSACTION);
        machine.put("verification", PARALLELISM + " at once");
        BenchMigration migrations = BenchMigration.start(servers, directory, parts);
        for (int run = 0; run <= settings.runs(); run++) {
            String database = "narrow_" + run;
            progress.accept((run == 0 ? "warm-up" : "run " + run + " of " + settings.runs()) + ": loading");
            servers.createSource(database, "template1");
            servers.createTarget(database);
            MigrationServers.run(
                    servers.source(database, MigrationServers.APPLICATION),
                    TABLE,
                    rows(settings.rows()),
                    "analyze public.narrow");
            migrations.begin(database, spec(100));
            migrations.await(database, DatabaseState.READY_TO_CUTOVER);
            measure(servers, migrations, database, run > 0);
            migrations.remove(database, Wish.CANCEL);
            servers.drop(database);
        }
        measurements.ratio("changes with / without verification", "changes, verified at half", "changes, not verified");
        return measurements.report("verify", machine);
    }

    /** Verification when it is asked for. */
    private static VerificationSpec spec(int dutyPercent) {
        return new VerificationSpec(VerificationMode.OFF, PARALLELISM, dutyPercent, Duration.ofHours(6));
    }

    private void measure(MigrationServers servers, BenchMigration migrations, String database, boolean counts)
            throws Exception {
        double alone = stream(servers, database);
        long began = System.nanoTime();
        migrations.verify(database);
        double rows = settings.rows() / seconds(began);
        requireVerified(migrations, database);
        migrations.change(database, spec(50));
        double beside = streamWhileVerifying(servers, migrations, database);
        progress.accept(String.format(
                Locale.ROOT,
                "%s rows/s verified; %s changes/s without, %s changes/s with a verification at half",
                Figures.of(rows),
                Figures.of(alone),
                Figures.of(beside)));
        if (counts) {
            measurements.add("verification", "rows/s", rows);
            measurements.add("changes, not verified", "/s", alone);
            measurements.add("changes, verified at half", "/s", beside);
        }
    }

    private void requireVerified(BenchMigration migrations, String database) {
        List<TableVerification> tables = migrations.verification(database).tables();
        if (tables.size() != 1
                || tables.get(0).state() != TableVerification.State.VERIFIED
                || tables.get(0).rows() != settings.rows()) {
            throw new IllegalStateException("Not every row was found to be equal: " + tables);
        }
    }

    private double streamWhileVerifying(MigrationServers servers, BenchMigration migrations, String database)
            throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> verifying = CompletableFuture.runAsync(() -> {
            try {
                while (!over.get()) {
                    migrations.verify(database);
                }
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        try {
            return stream(servers, database);
        } finally {
            over.set(true);
            verifying.join();
            requireVerified(migrations, database);
        }
    }

    /** Changes a second, from the first one's statement until the last one is on the target. */
    private double stream(MigrationServers servers, String database) throws Exception {
        ServerSettings source = servers.source(database, MigrationServers.APPLICATION);
        ServerSettings target = servers.target(database, MigrationServers.MIGRATOR);
        int transactions = settings.changes() / CHANGES_PER_TRANSACTION;
        long began = System.nanoTime();
        MigrationServers.run(
                source,
                changes(transactions),
                "update public.narrow set amount = amount + 1 where id = " + settings.rows());
        String last = "select amount from public.narrow where id = " + settings.rows();
        String wanted = MigrationServers.ask(source, last);
        BenchMigration.await(
                "the last change is on the target",
                () -> MigrationServers.ask(target, last).equals(wanted));
        return transactions * (double) CHANGES_PER_TRANSACTION / seconds(began);
    }

    private static String rows(long count) {
        return "insert into public.narrow select n, (n % 50000)::int, 0, (n % 9973)::int,"
                + " timestamptz '2026-01-01 00:00:00Z' + n * interval '1 second' from generate_series(1, " + count
                + ") n";
    }

    private static String changes(int transactions) {
        return """
                do $$ begin
                  for i in 0 .. %d loop
                    update public.narrow set quantity = quantity + 1
                     where id between (i * %3$d) %% %2$d + 1 and (i * %3$d) %% %2$d + %3$d;
                    commit;
                  end loop;
                end $$""".formatted(transactions - 1, CHANGED_ROWS, CHANGES_PER_TRANSACTION);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
