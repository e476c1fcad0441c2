package io.changeover.docs;

import io.changeover.capture.CaptureConnector;
import io.changeover.load.LoadConnector;
import io.changeover.load.TopicLoadConnector;
import io.changeover.load.TopicLoadSinkConnector;
import io.changeover.metrics.Metric;
import io.changeover.sink.PostgresSinkConnector;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;

class ReferencePagesTest {

    @Test
    void sinkPageIsWhatTheDefinitionGives() throws Exception {
        new GeneratedPart("sink-configuration.md").requireToBe(page(new PostgresSinkConnector().config()));
    }

    @Test
    void loadPageIsWhatTheDefinitionGives() throws Exception {
        new GeneratedPart("load-configuration.md")
                .requireToBe(page(new LoadConnector().config())
                        + "\n## Through a topic: reading\n\n"
                        + "`io.changeover.load.TopicLoadConnector`, for `load.mode: topic`.\n"
                        + page(new TopicLoadConnector().config())
                        + "\n## Through a topic: writing\n\n"
                        + "`io.changeover.load.TopicLoadSinkConnector`, with Connect's `topics`.\n"
                        + page(new TopicLoadSinkConnector().config()));
    }

    @Test
    void capturePageHasWhatIsFixedAndWhatHasAnotherDefault() throws Exception {
        ConfigDef debezium = new CaptureConnector().config();

        new GeneratedPart("capture-configuration.md")
                .requireToBe("\n## Fixed\n\n" + values(CaptureConnector.FIXED, debezium) + "\n## Defaults\n\n"
                        + values(CaptureConnector.DEFAULTS, debezium) + "\n");
    }

    @Test
    void metricsPageHasEveryMetricOfTheControlPlane() throws Exception {
        new GeneratedPart("metrics.md")
                .requireToBe("\n| metric | labels | meaning |\n| --- | --- | --- |\n"
                        + Stream.of(Metric.values())
                                .map(metric -> "| `" + metric.metricName() + "` | " + metric.labels() + " | "
                                        + GeneratedPart.cell(metric.help()) + " |\n")
                                .collect(Collectors.joining())
                        + "\n");
    }

    private static String page(ConfigDef definition) {
        Stream<String> groups = definition.groups().isEmpty()
                ? Stream.of("\n" + table(definition.configKeys().values().stream()))
                : definition.groups().stream()
                        .map(group -> "\n## " + group + "\n\n"
                                + table(definition.configKeys().values().stream()
                                        .filter(key -> group.equals(key.group))
                                        .sorted(Comparator.comparingInt(key -> key.orderInGroup))));
        return groups.collect(Collectors.joining()) + "\n";
    }

    private static String table(Stream<ConfigKey> keys) {
        return "| key | type | default | valid values | importance | |\n| --- | --- | --- | --- | --- | --- |\n"
                + keys.map(ReferencePagesTest::row).collect(Collectors.joining());
    }

    private static String row(ConfigKey key) {
        return Stream.of(
                        "`" + key.name + "`",
                        key.type.name().toLowerCase(Locale.ROOT),
                        defaultOf(key),
                        key.validator == null ? "" : key.validator.toString(),
                        key.importance.name().toLowerCase(Locale.ROOT),
                        key.documentation)
                .map(GeneratedPart::cell)
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String defaultOf(ConfigKey key) {
        if (!key.hasDefault()) {
            return "required";
        }
        boolean empty = key.defaultValue == null || key.defaultValue instanceof Password || "".equals(key.defaultValue);
        return empty ? "" : "`" + ConfigDef.convertToString(key.defaultValue, key.type) + "`";
    }

    private static String values(Map<String, String> values, ConfigDef debezium) {
        return "| key | value | what Debezium says about it |\n| --- | --- | --- |\n"
                + new TreeMap<>(values)
                        .entrySet().stream()
                                .map(entry -> "| `" + entry.getKey() + "` | `" + GeneratedPart.cell(entry.getValue())
                                        + "` | " + explanation(debezium, entry.getKey()) + " |\n")
                                .collect(Collectors.joining());
    }

    /** The first sentence. */
    private static String explanation(ConfigDef definition, String key) {
        ConfigKey known = definition.configKeys().get(key);
        return known == null || known.documentation == null
                ? ""
                : GeneratedPart.cell(known.documentation.split("(?<=\\.)\\s|\\R|; ", 2)[0]);
    }
}
