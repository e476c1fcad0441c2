package io.changeover.bench.capture;

import io.changeover.bench.Condition;
import io.changeover.bench.CpuSampler;
import io.changeover.bench.Parts;
import io.changeover.bench.WorkerProcess;
import io.changeover.bench.workload.Workload;
import io.changeover.connect.ConnectClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * One measurement: a worker in a fresh JVM, one connector, one copy of the slot, from the first change to the last.
 * While it goes on, only the ends of the topics and the server's own progress are looked at.
 */
final class CaptureRun {

    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final Duration STATUS_EVERY = Duration.ofSeconds(5);
    private static final Duration QUIET = Duration.ofSeconds(1);
    /** More than heartbeats write in {@link #QUIET}. */
    private static final int HEARTBEATS = 10;

    private final CaptureSource source;
    private final Workload workload;
    private final String bootstrapServers;
    private final Path directory;
    private final String beginning;

    /**
     * Measurements of one workload.
     *
     * @param directory for the workers' logs
     * @param beginning the offset that each of them begins with
     */
    CaptureRun(CaptureSource source, Workload workload, String bootstrapServers, Path directory, String beginning) {
        this.source = source;
        this.workload = workload;
        this.bootstrapServers = bootstrapServers;
        this.directory = directory;
        this.beginning = beginning;
    }

    /**
     * Measures.
     *
     * @param name of connector, slot and topics, new for each measurement
     * @param changes how many have to arrive, not one more
     * @param warmUp how many of them do not count
     * @param owner stops what is started here, if the benchmark is interrupted
     */
    Measured measure(Side side, String name, long changes, long warmUp, Parts owner) throws Exception {
        List<String> names = side.topics(name, workload.tables());
        try (Parts parts = owner.add(new Parts())) {
            Topics topics = parts.add(new Topics(bootstrapServers));
            topics.create(names);
            parts.add(() -> topics.delete(names));
            source.copyBeginning(name);
            parts.add(() -> source.drop(name));
            TopicCount count = parts.add(new TopicCount(bootstrapServers, names, side.rowChanges()));
            WorkerProcess worker = parts.add(WorkerProcess.start(directory.resolve(name), bootstrapServers));
            CpuSampler cpu = parts.add(CpuSampler.start(worker.handle()));
            ConnectClient connect = new ConnectClient(worker.url());
            connect.createStopped(name, side.config(source.settings(), name, name));
            connect.setOffset(name, Map.of("server", name), beginning);
            connect.resume(name);
            awaitAll(name, changes, count, connect);
            connect.delete(name);
            return Measured.of(count.arrivals(), cpu.curve(), count.valueBytes(), warmUp);
        }
    }

    /** Counts when all should have arrived, and again if some have not. */
    private void awaitAll(String name, long changes, TopicCount count, ConnectClient connect) throws Exception {
        String end = source.end();
        Condition.await(
                "the source has sent all changes",
                LIMIT,
                LOOK_EVERY,
                watching(connect, name, () -> source.hasSent(name, end)));
        Condition.await("all changes are in Kafka", LIMIT, QUIET, watching(connect, name, new Quiet(count)::hasCome));
        Condition.await(
                "the changes in Kafka are as many as were written", LIMIT, QUIET, watching(connect, name, () -> {
                    count.read();
                    return count.arrivals().total() >= changes;
                }));
        if (count.arrivals().total() > changes) {
            throw new IllegalStateException("Of " + changes + " changes "
                    + count.arrivals().total() + " arrived in " + name + ": some arrived twice");
        }
    }

    /** The same question, which fails when the connector has; Connect is asked less often, to leave it alone. */
    private static Callable<Boolean> watching(ConnectClient connect, String name, Callable<Boolean> question) {
        long[] asked = {System.nanoTime()};
        return () -> {
            if (System.nanoTime() - asked[0] > STATUS_EVERY.toNanos()) {
                asked[0] = System.nanoTime();
                Beginning.requireNotFailed(connect, name);
            }
            return question.call();
        };
    }

    /** Whether the topics have stopped growing since the last look. */
    private static final class Quiet {

        private final TopicCount count;
        private long last = -1;

        Quiet(TopicCount count) {
            this.count = count;
        }

        boolean hasCome() {
            long now = count.end();
            boolean quiet = last > 0 && now - last < HEARTBEATS;
            last = now;
            return quiet;
        }
    }
}
