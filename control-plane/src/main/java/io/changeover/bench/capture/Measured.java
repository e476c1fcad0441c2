package io.changeover.bench.capture;

import io.changeover.bench.CpuCurve;

/**
 * What one measurement found.
 *
 * @param changesPerSecond after the warm-up
 * @param cpuMicrosPerChange of the worker's process, after the warm-up
 * @param bytesPerChange of record values, over the whole run
 */
record Measured(double changesPerSecond, double cpuMicrosPerChange, double bytesPerChange) {

    /** Puts together what was seen. */
    static Measured of(Arrivals arrivals, CpuCurve cpu, long valueBytes, long warmUp) {
        Arrivals.Counted counted = arrivals.after(warmUp);
        double nanos = cpu.nanosAt(counted.toMillis()) - cpu.nanosAt(counted.fromMillis());
        return new Measured(
                counted.changesPerSecond(), nanos / 1000 / counted.changes(), (double) valueBytes / arrivals.total());
    }
}
