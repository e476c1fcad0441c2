package io.changeover.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects the values of one scrape by metric; a metric without a value is left out. Not thread-safe. */
final class Families {

    private final Map<Metric, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
    private final Map<Metric, CounterSnapshot.Builder> counters = new LinkedHashMap<>();

    /** Adds a value. */
    void add(Metric metric, double value, Labels labels) {
        if (metric.counts()) {
            counters.computeIfAbsent(
                            metric,
                            each -> CounterSnapshot.builder()
                                    .name(each.baseName())
                                    .help(each.help()))
                    .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                            .labels(labels)
                            .value(value)
                            .build());
        } else {
            gauges.computeIfAbsent(
                            metric,
                            each -> GaugeSnapshot.builder()
                                    .name(each.baseName())
                                    .help(each.help()))
                    .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                            .labels(labels)
                            .value(value)
                            .build());
        }
    }

    MetricSnapshots snapshots() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        gauges.values().forEach(each -> all.metricSnapshot(each.build()));
        counters.values().forEach(each -> all.metricSnapshot(each.build()));
        return all.build();
    }
}
