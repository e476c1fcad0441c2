package io.changeover.bench.capture;

import io.changeover.bench.BenchmarkReport;
import io.changeover.bench.Figures;
import io.changeover.bench.Machine;
import io.changeover.bench.Measurements;
import io.changeover.bench.Parts;
import io.changeover.bench.WorkerProcess;
import io.changeover.bench.workload.NarrowWorkload;
import io.changeover.bench.workload.WideWorkload;
import io.changeover.bench.workload.Workload;
import io.changeover.connect.ConnectClient;
import io.changeover.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures how fast a Connect worker drains WAL into Kafka, and at what CPU time, with our capture and with stock
 * Debezium in turn.
 */
public final class CaptureBenchmark {

    private static final long MOST_WARM_UP = 200_000;

    private static final Side OURS = new OursSide();
    private static final Side STOCK = new StockSide();

    private static final String SPEED = "changes per second";
    private static final String CPU = "CPU per change";
    private static final String SIZE = "value bytes per change";

    /** Which workloads. */
    public enum Choice {
        NARROW,
        WIDE,
        ALL
    }

    /**
     * What to do.
     *
     * @param changes of the narrow workload; the wide one has a third
     * @param runs measurements of each side
     */
    public record Settings(Choice workload, long changes, int runs) {}

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
    public CaptureBenchmark(Settings settings, Path directory, Parts parts, Consumer<String> progress) {
        this.settings = settings;
        this.directory = directory;
        this.parts = parts;
        this.progress = progress;
    }

    /**
     * Runs it.
     *
     * @throws Exception if a part does not start or a change does not arrive
     */
    public BenchmarkReport run() throws Exception {
        EmbeddedBroker broker = parts.add(EmbeddedBroker.start(directory.resolve("broker")));
        machine.put("runs", settings.runs());
        if (settings.workload() != Choice.WIDE) {
            measure(new NarrowWorkload(), settings.changes(), broker.bootstrapServers());
        }
        if (settings.workload() != Choice.NARROW) {
            measure(new WideWorkload(), settings.changes() / 3, broker.bootstrapServers());
        }
        return measurements.report("capture", machine);
    }

    private void measure(Workload workload, long changes, String bootstrapServers) throws Exception {
        try (Parts own = parts.add(new Parts())) {
            progress.accept(workload.name() + ": making the tables on a PostgreSQL of its own");
            CaptureSource source = own.add(CaptureSource.start(workload));
            machine.put("postgresql", source.version());
            Path logs = directory.resolve(workload.name());
            CaptureRun run = new CaptureRun(
                    source, workload, bootstrapServers, logs, beginning(source, logs, bootstrapServers, own));
            progress.accept(String.format(Locale.ROOT, "%s: writing %,d changes", workload.name(), changes));
            Workload.Written written = source.write(changes);
            long warmUp = warmUp(written.changes());
            machine.put(
                    workload.name() + " WAL",
                    String.format(
                            Locale.ROOT,
                            "%,d changes in %,d transactions, %,d of them as warm-up; %s",
                            written.changes(),
                            written.transactions(),
                            warmUp,
                            written.writer()));
            for (int number = 1; number <= settings.runs(); number++) {
                for (Side side : List.of(OURS, STOCK)) {
                    String name = workload.name() + "_" + side.name() + "_" + number;
                    record(workload, side, number, run.measure(side, name, written.changes(), warmUp, own));
                }
            }
            compare(workload, workload instanceof NarrowWorkload || settings.workload() == Choice.WIDE);
        }
    }

    private static String beginning(CaptureSource source, Path logs, String bootstrapServers, Parts owner)
            throws Exception {
        try (Parts own = owner.add(new Parts())) {
            WorkerProcess worker = own.add(WorkerProcess.start(logs.resolve(source.beginning()), bootstrapServers));
            return Beginning.make(source, OURS, new ConnectClient(worker.url()));
        }
    }

    /** 200,000 changes, or half of them where there are fewer. */
    static long warmUp(long changes) {
        return Math.min(MOST_WARM_UP, changes / 2);
    }

    private void record(Workload workload, Side side, int run, Measured measured) {
        String who = workload.name() + " " + side.name() + " ";
        measurements.add(who + SPEED, "changes/s", measured.changesPerSecond());
        measurements.add(who + CPU, "µs", measured.cpuMicrosPerChange());
        measurements.add(who + SIZE, "B", measured.bytesPerChange());
        progress.accept("%s: run %d of %d, %s: %s changes/s, %s µs CPU and %s B per change"
                .formatted(
                        workload.name(),
                        run,
                        settings.runs(),
                        side.name(),
                        Figures.of(measured.changesPerSecond()),
                        Figures.of(measured.cpuMicrosPerChange()),
                        Figures.of(measured.bytesPerChange())));
    }

    /** The first workload's ratios are also those of the benchmark. */
    private void compare(Workload workload, boolean isFirst) {
        for (String what : List.of(SPEED, CPU, SIZE)) {
            String ours = workload.name() + " " + OURS.name() + " " + what;
            String stock = workload.name() + " " + STOCK.name() + " " + what;
            if (isFirst) {
                measurements.ratio("ours/stock " + what, ours, stock);
            }
            measurements.ratio(workload.name() + " ours/stock " + what, ours, stock);
        }
    }
}
