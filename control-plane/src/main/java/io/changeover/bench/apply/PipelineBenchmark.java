package io.changeover.bench.apply;

import io.changeover.bench.BenchmarkReport;
import io.changeover.bench.Figures;
import io.changeover.bench.Parts;
import io.changeover.bench.WorkerProcess;
import io.changeover.bench.capture.CaptureSource;
import io.changeover.bench.workload.NarrowWorkload;
import io.changeover.bench.workload.PingWorkload;
import io.changeover.bench.workload.Workload;
import io.changeover.embedded.EmbeddedBroker;
import io.changeover.postgres.ServerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Measures the whole way from a slot to a target, by capture and sink in one worker and by native logical replication:
 * how fast WAL that is there is worked off, and how long after its commit a change is visible when there is little to
 * do.
 */
public final class PipelineBenchmark {

    private static final int LATENCY_SECONDS = 20;
    private static final int LATENCY_PER_SECOND = 500;

    /**
     * What to do.
     *
     * @param changes in the WAL
     * @param runs measurements of each side
     * @param warmUp how long our worker works the WAL off before it is measured
     * @param latencySeconds how long latencies are measured in each
     */
    public record Settings(long changes, int runs, Duration warmUp, int latencySeconds) {

        /** With the usual time for latencies. */
        public Settings(long changes, int runs, Duration warmUp) {
            this(changes, runs, warmUp, LATENCY_SECONDS);
        }
    }

    private final Settings settings;
    private final Path directory;
    private final Parts parts;
    private final Consumer<String> progress;
    private final ApplyMeasurements measurements = new ApplyMeasurements();

    /**
     * A benchmark that has not begun.
     *
     * @param directory for Kafka's topics and the workers' logs
     * @param parts gets everything that is started; closing it interrupts the benchmark
     * @param progress is told what goes on, in lines
     */
    public PipelineBenchmark(Settings settings, Path directory, Parts parts, Consumer<String> progress) {
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
        Workload workload = new PingWorkload();
        String bootstrapServers =
                parts.add(EmbeddedBroker.start(directory.resolve("broker"))).bootstrapServers();
        Path logs = Files.createDirectories(directory.resolve(workload.name()));
        progress.accept("making the tables on a source and a target");
        CaptureSource source = parts.add(CaptureSource.start(workload));
        TargetServer target = parts.add(TargetServer.start(workload));
        measurements.note("postgresql", source.version());
        measurements.note("runs", settings.runs());
        Recorder recorder = new Recorder(source, workload, bootstrapServers, logs, parts);
        String offset = recorder.begin();
        progress.accept(String.format(Locale.ROOT, "writing %,d changes", settings.changes()));
        Workload.Written written = source.write(settings.changes());
        progress.accept("looking where in the WAL each of them is");
        Recording recording = recorder.record(offset, written.changes(), false);
        measurements.note("WAL", ApplyBenchmark.described(written));
        DrainRun run = new DrainRun(
                target, written.changes(), TargetServer.sums(source.settings(), new NarrowWorkload().tables()), parts);
        WorkerProcess worker = parts.add(WorkerProcess.start(logs.resolve("ours"), bootstrapServers));
        ApplySide ours = new OursPipeline(source, recording, worker, bootstrapServers);
        List<ApplySide> sides = List.of(ours, new NativeApply(source, target, recording.timeline()));
        progress.accept("warming up");
        measurements.note("warm-up", run.warmUp(ours, "pipeline_warm", settings.warmUp()) + " times all changes");
        for (int number = 1; number <= settings.runs(); number++) {
            for (ApplySide side : sides) {
                measure(side, number, run, source.settings());
            }
        }
        measurements.compare("drain", "native");
        for (String share : List.of("p50", "p99")) {
            measurements.ratio("ours/native latency " + share, "ours latency " + share, "native latency " + share);
        }
        return measurements.report("pipeline");
    }

    private void measure(ApplySide side, int number, DrainRun run, ServerSettings source) throws Exception {
        String run1 = "run " + number + " of " + settings.runs() + ", ";
        DrainRun.Outcome outcome = run.measure(side, "pipeline_" + side.name() + "_" + number, target -> {
            Latencies latencies =
                    new LatencyProbe(source, target, LATENCY_PER_SECOND).measure(settings.latencySeconds());
            double p50 = latencies.millis(50);
            double p99 = latencies.millis(99);
            measurements.add(side.name() + " latency p50", "ms", p50);
            measurements.add(side.name() + " latency p99", "ms", p99);
            progress.accept(
                    run1 + side.name() + ": latency p50 " + Figures.of(p50) + " ms, p99 " + Figures.of(p99) + " ms");
        });
        progress.accept(run1 + measurements.add("drain", side.name(), outcome.measured()));
    }
}
