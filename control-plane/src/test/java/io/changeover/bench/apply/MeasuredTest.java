package io.changeover.bench.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.bench.CpuCurve;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeasuredTest {

    private static final Drain.Counted COUNTED = new Drain.Counted(1000, 3000, 4000);

    @Test
    void cpuTimeIsThatOfTheChangesThatCount() {
        CpuCurve worker = curve(500, 0, 1500, 100, 3500, 300);
        CpuCurve target = curve(1000, 10, 3000, 50, 4000, 999);

        Measured measured = Measured.of(COUNTED, Optional.of(worker), target);

        assertThat(measured.changesPerSecond()).isEqualTo(2000);
        assertThat(measured.workerMicros()).contains(50.0);
        assertThat(measured.targetMicros()).isEqualTo(10.0);
    }

    @Test
    void withoutAWorkerItHasUsedNothing() {
        assertThat(Measured.of(COUNTED, Optional.empty(), curve(1000, 0, 3000, 1))
                        .workerMicros())
                .isEmpty();
    }

    /** Milliseconds and CPU milliseconds in turn. */
    private static CpuCurve curve(long... numbers) {
        return new CpuCurve(IntStream.range(0, numbers.length / 2)
                .mapToObj(i -> new CpuCurve.Sample(numbers[2 * i], numbers[2 * i + 1] * 1_000_000))
                .toList());
    }
}
