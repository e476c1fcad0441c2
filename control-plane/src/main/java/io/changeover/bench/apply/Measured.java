package io.changeover.bench.apply;

import io.changeover.bench.CpuCurve;
import java.util.Optional;

/**
 * What one measurement found, after the warm-up.
 *
 * @param workerMicros CPU time of the Connect worker for each change, where there is a worker
 * @param targetMicros CPU time of all processes of the target server for each change
 */
record Measured(double changesPerSecond, Optional<Double> workerMicros, double targetMicros) {

    /** Puts together what was seen. */
    static Measured of(Drain.Counted counted, Optional<CpuCurve> worker, CpuCurve target) {
        return new Measured(
                counted.changesPerSecond(),
                worker.map(curve -> microsPerChange(counted, curve)),
                microsPerChange(counted, target));
    }

    private static double microsPerChange(Drain.Counted counted, CpuCurve cpu) {
        return (cpu.nanosAt(counted.toMillis()) - cpu.nanosAt(counted.fromMillis())) / 1000 / counted.changes();
    }
}
