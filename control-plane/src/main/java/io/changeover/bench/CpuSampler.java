package io.changeover.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Reads the CPU time of another process every 20 ms, from outside; the kernel counts it in steps of 10 ms. */
public final class CpuSampler implements AutoCloseable {

    private static final long EVERY_MILLIS = 20;

    private final ProcessHandle process;
    private final List<CpuCurve.Sample> samples = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "cpu-sampler");
        thread.setDaemon(true);
        return thread;
    });

    private CpuSampler(ProcessHandle process) {
        this.process = process;
    }

    /** Begins with a first sample; the caller closes it. */
    @SuppressWarnings("FutureReturnValueIgnored") // a process that is gone ends the samples, and the run fails
    public static CpuSampler start(ProcessHandle process) {
        CpuSampler sampler = new CpuSampler(process);
        sampler.sample();
        sampler.timer.scheduleAtFixedRate(sampler::sample, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return sampler;
    }

    private void sample() {
        Duration used = process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("Process " + process.pid() + " is gone"));
        CpuCurve.Sample sample = new CpuCurve.Sample(System.currentTimeMillis(), used.toNanos());
        synchronized (samples) {
            samples.add(sample);
        }
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
