package io.changeover.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.LoadProgress;
import io.changeover.postgres.TableName;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.junit.jupiter.api.Test;

class LoadMetricsTest {

    private static final TableName TABLE = new TableName("public", "t");

    @Test
    void everythingThatWasCopiedCountsOnce() {
        LoadFigures figures = new LoadFigures();
        for (long rows : new long[] {10, 30}) {
            figures.add(new LoadProgress(TABLE, 0, 1, false, 100, rows, 10 * rows));
            figures.add(new LoadProgress(TABLE, 0, 2, false, 100, 2 * rows, 20 * rows));
        }
        figures.add(new LoadProgress(TABLE, 0, 1, true, 100, 50, 500));

        assertThat(figures.rows()).isEqualTo(110);
        assertThat(figures.bytes()).isEqualTo(1100);
        assertThat(figures.copies()).isEqualTo(1);
    }

    @Test
    void whatBeginsAgainCountsAgain() {
        LoadFigures figures = new LoadFigures();
        figures.add(new LoadProgress(TABLE, 0, 0, false, 100, 40, 400));
        figures.add(new LoadProgress(TABLE, 0, 0, false, 100, 10, 100));
        figures.add(new LoadProgress(TABLE, 0, 0, true, 100, 20, 200));

        assertThat(figures.rows()).isEqualTo(60);
        assertThat(figures.bytes()).isEqualTo(600);
        assertThat(figures.copies()).isEqualTo(1);
    }

    @Test
    void theWorkerShowsThem() {
        LoadFigures figures = new LoadFigures();
        try (Metrics metrics = new Metrics()) {
            PluginMetrics ofTask = new PluginMetricsImpl(metrics, Map.of("connector", "load", "task", "0"));
            LoadMetrics.register(context(ofTask), figures, () -> 77);
            figures.add(new LoadProgress(TABLE, 0, 0, true, 3, 3, 30));

            assertThat(metrics.metrics().entrySet().stream()
                            .filter(each -> each.getKey().tags().containsValue("load"))
                            .collect(Collectors.toMap(
                                    each -> each.getKey().name(),
                                    each -> each.getValue().metricValue())))
                    .isEqualTo(Map.of(
                            "rows-total", 3L, "bytes-total", 30L, "copies-total", 1L, "bytes-per-second-limit", 77L));
        }
    }

    @Test
    void anOlderWorkerIsNoObstacle() {
        LoadMetrics.register(context(null), new LoadFigures(), () -> 0);
    }

    private static SourceTaskContext context(PluginMetrics metrics) {
        return (SourceTaskContext) Proxy.newProxyInstance(
                LoadMetricsTest.class.getClassLoader(),
                new Class<?>[] {SourceTaskContext.class},
                (self, method, arguments) -> {
                    if (!method.getName().equals("pluginMetrics") || metrics == null) {
                        throw new NoSuchMethodError(method.getName());
                    }
                    return metrics;
                });
    }
}
