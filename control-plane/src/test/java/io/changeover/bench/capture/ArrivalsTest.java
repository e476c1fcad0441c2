package io.changeover.bench.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.changeover.bench.CpuCurve;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private final Arrivals arrivals = new Arrivals();

    ArrivalsTest() {
        // two topics, read one after the other
        arrivals.add(1000, 100);
        arrivals.add(3000, 200);
        arrivals.add(1500, 50);
        arrivals.add(2000, 100);
        arrivals.add(3000, 50);
    }

    @Test
    void whatArrivesWithTheLastOfTheWarmUpDoesNotCount() {
        Arrivals.Counted counted = arrivals.after(120);

        assertThat(counted).isEqualTo(new Arrivals.Counted(1500, 3000, 350));
        assertThat(counted.changesPerSecond()).isCloseTo(233.3, within(0.1));
    }

    @Test
    void warmUpMayEndExactlyWithABatch() {
        assertThat(arrivals.after(100)).isEqualTo(new Arrivals.Counted(1000, 3000, 400));
        assertThat(arrivals.after(101)).isEqualTo(new Arrivals.Counted(1500, 3000, 350));
    }

    @Test
    void recordsWithoutChangesMoveNoMark() {
        arrivals.add(900, 0);
        arrivals.add(9000, 0);

        assertThat(arrivals.after(1)).isEqualTo(new Arrivals.Counted(1000, 3000, 400));
        assertThat(arrivals.total()).isEqualTo(500);
    }

    @Test
    void warmUpThatLeavesNothingIsRefused() {
        assertThatThrownBy(() -> arrivals.after(251))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("measure more changes");
    }

    @Test
    void cpuTimeIsThatBetweenTheTwoMarks() {
        CpuCurve cpu = new CpuCurve(List.of(
                new CpuCurve.Sample(0, 5_000_000_000L),
                new CpuCurve.Sample(1000, 6_000_000_000L),
                new CpuCurve.Sample(2000, 6_200_000_000L),
                new CpuCurve.Sample(4000, 6_600_000_000L)));

        Measured measured = Measured.of(arrivals, cpu, 50_000, 100);

        assertThat(measured.changesPerSecond()).isEqualTo(200);
        assertThat(measured.cpuMicrosPerChange()).isCloseTo(1000, within(1e-6));
        assertThat(measured.bytesPerChange()).isEqualTo(100);
    }

    @Test
    void warmUpIsHalfOfAShortRun() {
        assertThat(CaptureBenchmark.warmUp(1_200_000)).isEqualTo(200_000);
        assertThat(CaptureBenchmark.warmUp(60_000)).isEqualTo(30_000);
    }
}
