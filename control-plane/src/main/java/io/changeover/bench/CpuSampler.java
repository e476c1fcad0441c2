package io.changeover.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Reads the CPU time of other processes every 20 ms, from outside; the kernel counts it in steps of 10 ms. */
public final class CpuSampler implements AutoCloseable {

    private static final long EVERY_MILLIS = 20;

    private final LongSupplier used;
    private final List<CpuCurve.Sample> samples = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "cpu-sampler");
        thread.setDaemon(true);
        return thread;
    });

    private CpuSampler(LongSupplier used) {
        this.used = used;
    }

    /** Samples one process: begins with a first sample; the caller closes it. */
    public static CpuSampler start(ProcessHandle process) {
        return start(() -> nanosOf(process));
    }

    /**
     * Begins with a first sample; the caller closes it.
     *
     * @param used CPU time used so far, in nanoseconds
     */
    @SuppressWarnings("FutureReturnValueIgnored") // a process that is gone ends the samples, and the run fails
    public static CpuSampler start(LongSupplier used) {
        CpuSampler sampler = new CpuSampler(used);
        sampler.sample();
        sampler.timer.scheduleAtFixedRate(sampler::sample, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return sampler;
    }

    private static long nanosOf(ProcessHandle process) {
        return process.info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .orElseThrow(() -> new IllegalStateException("Process " + process.pid() + " is gone"));
    }

    private void sample() {
        CpuCurve.Sample sample = new CpuCurve.Sample(System.currentTimeMillis(), used.getAsLong());
        synchronized (samples) {
            samples.add(sample);
        }
    }

    /** Whether a sample is of a moment or later; milliseconds since 1970. */
    public boolean hasSampledAt(long millis) {
        List<CpuCurve.Sample> taken = samples();
        return taken.get(taken.size() - 1).atMillis() >= millis;
    }

    /** What has been sampled so far. */
    public CpuCurve curve() {
        return new CpuCurve(samples());
    }

    List<CpuCurve.Sample> samples() {
        synchronized (samples) {
            return List.copyOf(samples);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
