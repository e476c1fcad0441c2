package io.changeover.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CpuSamplerTest {

    private static final long WORK_NANOS = 100_000_000;

    @Test
    void workOfTheProcessIsSampledAgainAndAgain() {
        try (CpuSampler sampler = CpuSampler.start(ProcessHandle.current())) {
            AtomicLong work = new AtomicLong();
            await().until(() -> {
                for (int i = 0; i < 1_000_000; i++) {
                    work.incrementAndGet();
                }
                return used(sampler) > WORK_NANOS;
            });

            assertThat(sampler.samples()).hasSizeGreaterThan(2);
            assertThat(sampler.hasSampledAt(Long.MAX_VALUE)).isFalse();
            long now = System.currentTimeMillis();
            await().until(() -> sampler.hasSampledAt(now));
            assertThat(sampler.curve().nanosAt(now)).isGreaterThan(WORK_NANOS);
        }
    }

    private static long used(CpuSampler sampler) {
        List<CpuCurve.Sample> samples = sampler.samples();
        return samples.get(samples.size() - 1).cpuNanos() - samples.get(0).cpuNanos();
    }
}
