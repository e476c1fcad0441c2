package io.changeover.sink.metrics;

import java.util.LinkedHashMap;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows {@link ApplyFigures} as the worker's metrics, which go where those of Connect go: JMX and its reporters. */
public final class SinkMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(SinkMetrics.class);
    private static final double NANOS_PER_MILLI = 1e6;

    private final PluginMetrics metrics;
    private final ApplyFigures figures;

    private SinkMetrics(PluginMetrics metrics, ApplyFigures figures) {
        this.metrics = metrics;
        this.figures = figures;
    }

    /** Registers them with the worker, which removes them with the task. Workers before 4.1 have no place for them. */
    public static void register(SinkTaskContext context, ApplyFigures figures) {
        try {
            new SinkMetrics(context.pluginMetrics(), figures).register();
        } catch (NoSuchMethodError | NoClassDefFoundError | UnsupportedOperationException e) {
            LOG.info("This worker takes no metrics of plugins: Kafka Connect 4.1 and later do");
        }
    }

    private void register() {
        held();
        done();
        times();
        troubles();
    }

    private void held() {
        add(
                "held-changes",
                "Changes in memory, and one for each whole transaction.",
                each -> each.now().heldChanges());
        add("held-bytes", "About how much memory they take.", each -> each.now().heldBytes());
        add(
                "large-transaction-open",
                "1 while a source transaction is applied in pieces.",
                each -> each.now().largeTransaction() ? 1 : 0);
    }

    private void done() {
        add("groups-total", "Target transactions.", ApplyFigures::groups);
        add("transactions-total", "Source transactions applied by them.", ApplyFigures::transactions);
        add("rows-inserted-total", "Rows inserted.", ApplyFigures::inserts);
        add("rows-updated-total", "Rows updated.", ApplyFigures::updates);
        add("rows-deleted-total", "Rows deleted.", ApplyFigures::deletes);
        add("tables-truncated-total", "Tables truncated.", ApplyFigures::truncates);
        add(
                "sets-taken-total",
                "Times that a table's changes were written as sets of rows.",
                each -> each.now().setsTaken());
        add(
                "sets-refused-total",
                "Times that the server refused them as sets.",
                each -> each.now().setsRefused());
    }

    private void times() {
        Sensor sensor = metrics.addSensor("apply-time");
        sensor.add(name("apply-time-avg-ms", "How long a target transaction took, of late."), new Avg());
        sensor.add(name("apply-time-max-ms", "The longest, of late."), new Max());
        sensor.add(name("apply-time-total-ms", "All of them together."), new CumulativeSum());
        figures.timedBy(nanos -> sensor.record(nanos / NANOS_PER_MILLI));
        Gauge<Long> lag = (config, now) -> figures.lagMillis(now);
        metrics.addMetric(
                name(
                        "source-lag-ms",
                        "How long ago the last applied transaction committed on the source; grows while nothing is"
                                + " written there, -1 before the first."),
                lag);
    }

    private void troubles() {
        add("retries-total", "Failures after which the same was tried again.", ApplyFigures::retries);
        add(
                "quarantine",
                "Tables that are set aside, and one if the stream stands before a change.",
                each -> each.now().quarantined());
    }

    private void add(String name, String description, ToLongFunction<ApplyFigures> value) {
        Gauge<Long> gauge = (config, now) -> value.applyAsLong(figures);
        metrics.addMetric(name(name, description), gauge);
    }

    private MetricName name(String name, String description) {
        return metrics.metricName(name, description, new LinkedHashMap<>());
    }
}
