package io.changeover.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Answers scrapes with what is known at that moment; keeps no numbers of its own. Safe for use by several threads. */
public final class Scrapes implements AutoCloseable {

    private final PrometheusMeterRegistry pairs = registry();
    private final PrometheusMeterRegistry tables = registry();
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /**
     * Ready to be scraped.
     *
     * @param samples of every pair
     * @param leads whether this control plane leads
     */
    public Scrapes(Supplier<List<PairSample>> samples, BooleanSupplier leads, InstantSource clock) {
        new JvmMemoryMetrics().bindTo(pairs);
        new JvmThreadMetrics().bindTo(pairs);
        new ProcessorMetrics().bindTo(pairs);
        new UptimeMetrics().bindTo(pairs);
        collections.bindTo(pairs);
        register(pairs, () -> {
            Families families = new Families();
            families.add(Metric.LEADS, leads.getAsBoolean() ? 1 : 0, Labels.EMPTY);
            samples.get().forEach(sample -> PairValues.add(sample, clock.instant(), families));
            return families.snapshots();
        });
        register(tables, () -> {
            Families families = new Families();
            samples.get().forEach(sample -> PairValues.addTables(sample, families));
            return families.snapshots();
        });
    }

    private static PrometheusMeterRegistry registry() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    private static void register(PrometheusMeterRegistry registry, Supplier<MetricSnapshots> snapshots) {
        PrometheusRegistry collectors = registry.getPrometheusRegistry();
        MultiCollector collector = snapshots::get;
        collectors.register(collector);
    }

    /**
     * The pairs and this process.
     *
     * @param contentType one of Prometheus' formats
     */
    public String pairs(String contentType) {
        return pairs.scrape(contentType);
    }

    /** The same of tables, which can be many. */
    public String tables(String contentType) {
        return tables.scrape(contentType);
    }

    @Override
    public void close() {
        collections.close();
        pairs.close();
        tables.close();
    }
}
