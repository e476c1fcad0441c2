package io.changeover.bench.apply;

import io.changeover.bench.Condition;
import io.changeover.bench.CpuSampler;
import io.changeover.bench.Parts;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Measurements of one workload: each a fresh database, one side, from the first change to the last. */
final class DrainRun {

    private static final long LIMIT_NANOS = Duration.ofMinutes(15).toNanos();
    private static final long LOOK_EVERY_MILLIS = 10;
    private static final Duration SAMPLE_LIMIT = Duration.ofSeconds(30);
    private static final Duration SAMPLE_LOOK_EVERY = Duration.ofMillis(20);
    private static final long CHECK_EVERY_NANOS = Duration.ofSeconds(5).toNanos();

    /** What else to do while a side runs that has applied everything. */
    interface Afterwards {

        /** Nothing. */
        Afterwards NOTHING = target -> {};

        /** Does it. */
        void run(ServerSettings target) throws Exception;
    }

    private final TargetServer target;
    private final long changes;
    private final long head;
    private final Map<TableName, BigDecimal> expected;
    private final Parts owner;

    /**
     * Measurements of one workload.
     *
     * @param changes how many have to be applied
     * @param expected the sums of the source's tables
     * @param owner stops what is started here, if the benchmark is interrupted
     */
    DrainRun(TargetServer target, long changes, Map<TableName, BigDecimal> expected, Parts owner) {
        this.target = target;
        this.changes = changes;
        this.head = head(changes);
        this.expected = Map.copyOf(expected);
        this.owner = owner;
    }

    /** Changes with which connections and groups begin, and which do not count: a tenth. */
    static long head(long changes) {
        return changes / 10;
    }

    /**
     * Lets a side apply everything again and again before it is measured, until its JVM has compiled what matters.
     *
     * @param name as for {@link #measure}
     * @param shortest for so long at least, and once at least
     * @return how often all was applied
     */
    int warmUp(ApplySide side, String name, Duration shortest) throws Exception {
        long began = System.nanoTime();
        int passes = 0;
        do {
            passes++;
            String pass = name + "_" + passes;
            try (Parts parts = owner.add(new Parts())) {
                ServerSettings database = target.fresh(pass);
                parts.add(() -> target.drop(pass));
                awaitAll(side, side.start(pass, database, parts));
            }
        } while (System.nanoTime() - began < shortest.toNanos());
        return passes;
    }

    /**
     * What came out.
     *
     * @param measured empty if all was applied in one step
     * @param isEqual whether the target's tables then were the source's
     */
    record Outcome(Optional<Measured> measured, boolean isEqual) {}

    /**
     * Measures.
     *
     * @param name of the database and of all that the side needs, new for each measurement and pass
     * @throws IllegalStateException if the target is not what the source is, of a side from which that is expected
     */
    Outcome measure(ApplySide side, String name, Afterwards afterwards) throws Exception {
        try (Parts parts = owner.add(new Parts())) {
            ServerSettings database = target.fresh(name);
            parts.add(() -> target.drop(name));
            CpuSampler targetCpu = parts.add(CpuSampler.start(target.cpu()));
            ApplySide.Running running = side.start(name, database, parts);
            Optional<CpuSampler> workerCpu = running.worker().map(CpuSampler::start);
            workerCpu.ifPresent(parts::add);
            Drain drain = awaitAll(side, running);
            long end = System.currentTimeMillis();
            Condition.await(
                    "the CPU time after the end is known",
                    SAMPLE_LIMIT,
                    SAMPLE_LOOK_EVERY,
                    () -> targetCpu.hasSampledAt(end)
                            && workerCpu.filter(cpu -> !cpu.hasSampledAt(end)).isEmpty());
            targetCpu.close();
            workerCpu.ifPresent(CpuSampler::close);
            Optional<Measured> measured = drain.after(head, changes)
                    .map(counted -> Measured.of(counted, workerCpu.map(CpuSampler::curve), targetCpu.curve()));
            boolean isEqual = TargetServer.sums(
                            database, expected.keySet().stream().toList())
                    .equals(expected);
            if (!isEqual && side.mustBeEqual()) {
                throw new IllegalStateException(name + ": the target differs from the source");
            }
            afterwards.run(database);
            return new Outcome(measured, isEqual);
        }
    }

    private Drain awaitAll(ApplySide side, ApplySide.Running running) throws Exception {
        Drain drain = new Drain();
        long began = System.nanoTime();
        long checked = began;
        long applied = 0;
        drain.look(System.currentTimeMillis(), 0);
        while (applied < changes) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            applied = running.position().applied();
            long now = System.nanoTime();
            drain.look(System.currentTimeMillis(), applied);
            if (now - checked > CHECK_EVERY_NANOS) {
                checked = now;
                running.check().run();
            }
            if (now - began > LIMIT_NANOS) {
                throw new IllegalStateException(
                        side.name() + " has applied " + applied + " of " + changes + " changes in 15 minutes");
            }
        }
        return drain;
    }
}
