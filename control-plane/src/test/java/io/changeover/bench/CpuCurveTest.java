package io.changeover.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.bench.CpuCurve.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuCurveTest {

    private final CpuCurve curve =
            new CpuCurve(List.of(new Sample(1000, 0), new Sample(1040, 40_000), new Sample(1020, 30_000)));

    @Test
    void sampledMomentIsTakenAsItIs() {
        assertThat(curve.nanosAt(1000)).isZero();
        assertThat(curve.nanosAt(1020)).isEqualTo(30_000);
        assertThat(curve.nanosAt(1040)).isEqualTo(40_000);
    }

    @Test
    void momentInBetweenIsInterpolated() {
        assertThat(curve.nanosAt(1005)).isEqualTo(7_500);
        assertThat(curve.nanosAt(1030)).isEqualTo(35_000);
    }

    @Test
    void momentOutsideIsNotGuessed() {
        assertThatThrownBy(() -> curve.nanosAt(999)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> curve.nanosAt(1041)).isInstanceOf(IllegalArgumentException.class);
    }
}
