package io.changeover.bench.load;

import io.changeover.bench.BenchmarkReport;
import io.changeover.bench.Figures;
import io.changeover.bench.Machine;
import io.changeover.bench.Measurements;
import io.changeover.bench.Parts;
import io.changeover.bench.WorkerProcess;
import io.changeover.bench.jdbc.JdbcPlugin;
import io.changeover.bench.jdbc.JdbcSink;
import io.changeover.embedded.EmbeddedBroker;
import io.changeover.postgres.ServerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Measures how fast the rows of a source get into a target, keys included, and at what CPU time: by our load connector,
 * by pipes of psql, by native logical replication, by pgcopydb, and by Debezium's snapshot and JDBC sink.
 */
public final class LoadBenchmark {

    /** However large the tables are. */
    private static final String HEAP = "512m";

    /**
     * What to do.
     *
     * @param rows of the narrow and the skewed shape; the wide one has a fifth
     * @param runs measurements of each side
     * @param peers whether Debezium and pgcopydb are measured, too
     * @param major version of PostgreSQL of both servers
     */
    public record Settings(LoadShape shape, long rows, int runs, boolean peers, int major) {}

    private final Settings settings;
    private final Path directory;
    private final Parts parts;
    private final Consumer<String> progress;
    private final Measurements measurements = new Measurements();
    private final Map<String, Object> machine = Machine.describe();

    /**
     * A benchmark that has not begun.
     *
     * @param directory for Kafka's topics and the workers' logs
     * @param parts gets everything that is started; closing it interrupts the benchmark
     * @param progress is told what goes on, in lines
     */
    public LoadBenchmark(Settings settings, Path directory, Parts parts, Consumer<String> progress) {
        this.settings = settings;
        this.directory = directory;
        this.parts = parts;
        this.progress = progress;
    }

    /**
     * Runs it.
     *
     * @throws Exception if a part does not start, or a side does not load everything
     */
    public BenchmarkReport run() throws Exception {
        Optional<Path> jdbc = settings.peers() ? JdbcPlugin.find() : Optional.empty();
        Optional<String> without =
                settings.peers() ? PgcopydbLoad.missing(settings.major()) : Optional.of("left out, as asked");
        Optional<Path> pgcopydb = without.isPresent() ? Optional.empty() : PgcopydbLoad.find();
        machine.put("runs", settings.runs());
        String noSink = settings.peers() ? JdbcPlugin.missing() : "left out, as asked";
        machine.put("jdbc sink", jdbc.isPresent() ? JdbcPlugin.VERSION : noSink);
        machine.put("pgcopydb", without.orElse("measured"));
        EmbeddedBroker broker = parts.add(EmbeddedBroker.start(directory.resolve("broker")));
        Optional<WorkerProcess> other = jdbc.isPresent()
                ? Optional.of(
                        parts.add(JdbcSink.start(jdbc.get(), directory.resolve("jdbc"), broker.bootstrapServers())))
                : Optional.empty();
        for (LoadShape shape : settings.shape().each()) {
            measure(shape, broker.bootstrapServers(), other, pgcopydb);
        }
        return measurements.report("load", machine);
    }

    /** The first load in a new JVM, which takes classes and compiled code for all that come, has figures of its own. */
    private void measure(LoadShape shape, String broker, Optional<WorkerProcess> jdbc, Optional<Path> pgcopydb)
            throws Exception {
        List<LoadTable> tables = shape.tables(settings.rows());
        progress.accept(String.format(
                Locale.ROOT,
                "%s: writing %,d rows into a source",
                shape.word(),
                tables.stream().mapToLong(LoadTable::rows).sum()));
        Path files = Files.createDirectories(directory.resolve(shape.word()));
        try (Parts own = parts.add(new Parts())) {
            LoadServers servers = own.add(LoadServers.start(tables, settings.major()));
            machine.put("postgresql", servers.version());
            LoadSide ours =
                    new OursLoad(servers, own.add(WorkerProcess.start(files.resolve("ours"), broker, Map.of(), HEAP)));
            List<LoadSide> sides = new ArrayList<>(
                    List.of(new PipeLoad(servers, 1), new PipeLoad(servers, 2), new NativeLoad(servers), ours));
            pgcopydb.ifPresent(program -> sides.add(new PgcopydbLoad(servers, program, files)));
            jdbc.ifPresent(other -> sides.add(new JdbcLoad(servers, other, files)));
            measure(shape.word() + " ours in a new worker", servers, ours, 1, own);
            for (int number = 1; number <= settings.runs(); number++) {
                for (LoadSide side : sides) {
                    measure(shape.word() + " " + side.name(), servers, side, number, own);
                }
            }
            for (LoadSide side : sides) {
                if (!side.name().equals("ours")) {
                    String speed = " rows per second";
                    measurements.ratio(
                            shape.word() + " ours/" + side.name() + speed,
                            shape.word() + " ours" + speed,
                            shape.word() + " " + side.name() + speed);
                }
            }
        }
    }

    private void measure(String who, LoadServers servers, LoadSide side, int number, Parts owner) throws Exception {
        String run = (who + "_" + number).replace(' ', '_');
        long rows = servers.tables().stream().mapToLong(LoadTable::rows).sum()
                / (side.loadsAShare() ? LoadServers.SHARE : 1);
        try (Parts own = owner.add(new Parts())) {
            ServerSettings target = servers.fresh(run, side.wantsTables());
            own.add(() -> servers.drop(run));
            Parts started = own.add(new Parts());
            side.prepare(target, run, started);
            Used before = Used.now(servers, side);
            side.load(target, run, started);
            Used used = Used.now(servers, side).since(before);
            started.close();
            requireEqual(servers, side, target);
            report(who, number, rows, used);
            side.phases().forEach((phase, seconds) -> measurements.add(who + " " + phase, "s", seconds));
        }
    }

    private void report(String who, int number, long rows, Used used) {
        double speed = rows * 1e9 / used.nanos();
        measurements.add(who + " rows per second", "rows/s", speed);
        used.workerNanos().ifPresent(cpu -> measurements.add(who + " worker CPU per row", "µs", cpu / 1e3 / rows));
        measurements.add(who + " servers CPU per row", "µs", used.serverNanos() / 1e3 / rows);
        progress.accept("run " + number + ", " + who + ": " + Figures.of(speed)
                + " rows/s, µs CPU per row: worker "
                + used.workerNanos().map(cpu -> Figures.of(cpu / 1e3 / rows)).orElse("–") + ", servers "
                + Figures.of(used.serverNanos() / 1e3 / rows));
    }

    /** Rows, and a sum over all values of them. */
    private static void requireEqual(LoadServers servers, LoadSide side, ServerSettings target) throws SQLException {
        ServerSettings source = side.loadsAShare() ? servers.sourceOfShare() : servers.source();
        for (LoadTable table : servers.tables()) {
            String sql = "select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from "
                    + table.name().quoted() + " t";
            String wanted = LoadServers.ask(source, sql);
            String found = LoadServers.ask(target, sql);
            if (!wanted.equals(found)) {
                throw new IllegalStateException(side.name() + " has not loaded " + table.name() + " as it is: " + found
                        + " where the source has " + wanted);
            }
        }
    }

    /** Time and CPU time, in nanoseconds. */
    private record Used(long nanos, Optional<Double> workerNanos, double serverNanos) {

        static Used now(LoadServers servers, LoadSide side) {
            double cpu = servers.sourceCpu().getAsLong()
                    + (double) servers.targetCpu().getAsLong();
            Optional<Double> worker = side.worker()
                    .flatMap(process -> process.info().totalCpuDuration())
                    .map(Duration::toNanos)
                    .map(Long::doubleValue);
            return new Used(System.nanoTime(), worker, cpu);
        }

        Used since(Used before) {
            return new Used(
                    nanos - before.nanos,
                    workerNanos.map(cpu -> cpu - before.workerNanos.orElse(0.0)),
                    serverNanos - before.serverNanos);
        }
    }
}
