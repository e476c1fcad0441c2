package io.changeover.bench.apply;

import io.changeover.bench.BenchmarkReport;
import io.changeover.bench.Parts;
import io.changeover.bench.WorkerProcess;
import io.changeover.bench.capture.CaptureSource;
import io.changeover.bench.jdbc.JdbcPlugin;
import io.changeover.bench.jdbc.JdbcSink;
import io.changeover.bench.workload.InsertWorkload;
import io.changeover.bench.workload.NarrowWorkload;
import io.changeover.bench.workload.SmallWorkload;
import io.changeover.bench.workload.ToastWorkload;
import io.changeover.bench.workload.TpcbWorkload;
import io.changeover.bench.workload.Workload;
import io.changeover.embedded.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Measures how fast changes that are in Kafka get into a target, and at what CPU time: by our sink, near its target and
 * 20 ms away, by native logical replication of the same WAL, and by Debezium's JDBC sink.
 */
public final class ApplyBenchmark {

    /** Two of the sink's groups at least. */
    private static final long FEWEST_SMALL = 20_000;

    private static final Duration ONE_WAY = Duration.ofMillis(10);
    private static final String DISTANT = "ours 20 ms";

    /** Which workloads. */
    public enum Choice {
        /** {@code pgbench -N}. */
        NARROW(1),
        /** pgbench's default script. */
        TPCB(1),
        /** New rows only. */
        INSERT(1),
        /** Updates of a wide table that leave TOAST unsent. */
        TOAST(5),
        /** One row in each transaction. */
        SMALL(25),
        /** All of them. */
        ALL(1);

        private final int share;

        Choice(int share) {
            this.share = share;
        }

        private Workload workload() {
            return switch (this) {
                case NARROW -> new NarrowWorkload();
                case TPCB -> new TpcbWorkload();
                case INSERT -> new InsertWorkload();
                case TOAST -> new ToastWorkload();
                case SMALL -> new SmallWorkload();
                case ALL -> throw new IllegalStateException("not one workload");
            };
        }

        private List<Choice> each() {
            return this == ALL
                    ? Arrays.stream(values()).filter(choice -> choice != ALL).toList()
                    : List.of(this);
        }
    }

    /**
     * What to do.
     *
     * @param changes of the workloads; toast has a fifth, small a 25th, but at least 20,000
     * @param runs measurements of each side
     * @param peers whether Debezium's JDBC sink is measured, too
     * @param warmUp how long each worker applies the workload before it is measured
     */
    public record Settings(Choice workload, long changes, int runs, boolean peers, Duration warmUp) {}

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
    public ApplyBenchmark(Settings settings, Path directory, Parts parts, Consumer<String> progress) {
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
        Optional<Path> jdbc = settings.peers() ? JdbcPlugin.find() : Optional.empty();
        measurements.note("jdbc sink", jdbc.isPresent() ? JdbcPlugin.VERSION : leftOut());
        measurements.note("runs", settings.runs());
        EmbeddedBroker broker = parts.add(EmbeddedBroker.start(directory.resolve("broker")));
        for (Choice choice : settings.workload().each()) {
            measure(choice.workload(), changes(choice), jdbc, broker.bootstrapServers());
        }
        return measurements.report("apply");
    }

    private long changes(Choice choice) {
        long share = settings.changes() / choice.share;
        return choice == Choice.SMALL ? Math.max(FEWEST_SMALL, share) : share;
    }

    private String leftOut() {
        return settings.peers() ? JdbcPlugin.missing() : "left out, as asked";
    }

    private void measure(Workload workload, long changes, Optional<Path> jdbc, String bootstrapServers)
            throws Exception {
        String name = workload.name();
        Path logs = Files.createDirectories(directory.resolve(name));
        try (Parts own = parts.add(new Parts())) {
            progress.accept(name + ": making the tables on a source and a target of its own");
            CaptureSource source = own.add(CaptureSource.start(workload));
            TargetServer target = own.add(TargetServer.start(workload));
            measurements.note("postgresql", source.version());
            Recorder recorder = new Recorder(source, workload, bootstrapServers, logs, own);
            String offset = recorder.begin();
            progress.accept(String.format(Locale.ROOT, "%s: writing %,d changes", name, changes));
            Workload.Written written = source.write(changes);
            progress.accept(name + ": recording them in Kafka");
            Recording recording = recorder.record(offset, written.changes(), jdbc.isPresent());
            measurements.note(name + " WAL", described(written));
            DrainRun run = new DrainRun(
                    target, written.changes(), TargetServer.sums(source.settings(), workload.tables()), own);
            WorkerProcess worker = own.add(WorkerProcess.start(logs.resolve("ours"), bootstrapServers));
            List<ApplySide> sides = new ArrayList<>();
            sides.add(new OursApply("ours", worker, Duration.ZERO, recording));
            if (jdbc.isPresent()) {
                WorkerProcess other = own.add(JdbcSink.start(jdbc.get(), logs.resolve("jdbc"), bootstrapServers));
                sides.add(new JdbcApply(recording, other, bootstrapServers, logs));
            }
            for (ApplySide side : sides) {
                warmUp(name, side, run);
            }
            sides.add(1, new NativeApply(source, target, recording.timeline()));
            sides.add(new OursApply(DISTANT, worker, ONE_WAY, recording));
            for (int number = 1; number <= settings.runs(); number++) {
                for (ApplySide side : sides) {
                    measure(name, side, number, run);
                }
            }
        }
        measurements.compare(name, "native");
        measurements.compare(name, "jdbc");
        measurements.distance(name, DISTANT);
    }

    private void warmUp(String workload, ApplySide side, DrainRun run) throws Exception {
        progress.accept(workload + ": warming up " + side.name());
        int passes = run.warmUp(side, workload + "_warm_" + side.name(), settings.warmUp());
        measurements.note(workload + " " + side.name() + " warm-up", passes + " times all changes");
    }

    private void measure(String workload, ApplySide side, int number, DrainRun run) throws Exception {
        String id = (workload + "_" + side.name() + "_" + number).replace(' ', '_');
        DrainRun.Outcome outcome = run.measure(side, id, DrainRun.Afterwards.NOTHING);
        progress.accept("run " + number + " of " + settings.runs() + ", "
                + measurements.add(workload, side.name(), outcome.measured()));
        if (!outcome.isEqual()) {
            measurements.note(workload + " " + side.name() + " target", "differs from the source");
        }
    }

    static String described(Workload.Written written) {
        return String.format(
                Locale.ROOT,
                "%,d changes in %,d transactions, the first %,d not counted; %s",
                written.changes(),
                written.transactions(),
                DrainRun.head(written.changes()),
                written.writer());
    }
}
