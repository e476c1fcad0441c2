package io.changeover.load;

import java.util.LinkedHashMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows {@link LoadFigures} as the worker's metrics, which go where those of Connect go: JMX and its reporters. */
final class LoadMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(LoadMetrics.class);

    private LoadMetrics() {}

    /**
     * Registers them with the worker, which removes them with the task. Workers before 4.1 have no place for them.
     *
     * @param bytesPerSecond how fast this task may be now; 0 is no limit
     */
    static void register(SourceTaskContext context, LoadFigures figures, LongSupplier bytesPerSecond) {
        try {
            PluginMetrics metrics = context.pluginMetrics();
            add(metrics, "rows-total", "Rows copied, those of copies that were given up too.", figures::rows);
            add(metrics, "bytes-total", "The same in bytes, as COPY carries them.", figures::bytes);
            add(metrics, "copies-total", "Tables, and parts of large ones, that are done.", figures::copies);
            add(metrics, "bytes-per-second-limit", "How fast the task may be; 0 is no limit.", bytesPerSecond);
        } catch (NoSuchMethodError | NoClassDefFoundError | UnsupportedOperationException e) {
            LOG.info("This worker takes no metrics of plugins: Kafka Connect 4.1 and later do");
        }
    }

    private static void add(PluginMetrics metrics, String name, String description, LongSupplier value) {
        Gauge<Long> gauge = (config, now) -> value.getAsLong();
        metrics.addMetric(metrics.metricName(name, description, new LinkedHashMap<>()), gauge);
    }
}
