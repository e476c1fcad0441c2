package io.changeover.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.postgres.ServerSettings;
import io.changeover.sink.config.KnownKeys;
import io.changeover.sink.config.SinkDefinition;
import io.changeover.sink.group.BufferLimits;
import io.changeover.sink.guard.GuardMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SinkConfigTest {

    private static final ServerSettings NOWHERE =
            new ServerSettings("127.0.0.1", 1, "db", "me", "pw", "disable", Optional.empty());

    @Test
    void hasDefaults() {
        Map<String, String> least =
                Map.of("topics", "t", "connection.host", "h", "connection.database", "d", "connection.user", "u");

        assertThat(SinkConfig.of(least))
                .isEqualTo(new SinkConfig(
                        "t",
                        new ServerSettings("h", 5432, "d", "u", "", "verify-full", Optional.empty()),
                        new BufferLimits(10_000, 50_000, 32 << 20),
                        GuardMode.AUTO,
                        -1,
                        Duration.ofSeconds(1)));
    }

    @Test
    void mapsEveryKey() {
        Map<String, String> all = RunningSink.properties(
                NOWHERE,
                "connection.ssl.root.cert",
                "/roots.pem",
                "batch.size",
                "7",
                "transaction.buffer.changes",
                "8",
                "transaction.buffer.bytes",
                "9",
                "constraint.guard",
                "ddl",
                "max.retries",
                "3",
                "retry.backoff.ms",
                "20");

        SinkConfig config = SinkConfig.of(all);

        assertThat(config)
                .isEqualTo(new SinkConfig(
                        "stream",
                        new ServerSettings("127.0.0.1", 1, "db", "me", "pw", "disable", Optional.of("/roots.pem")),
                        new BufferLimits(7, 8, 9),
                        GuardMode.DDL,
                        3,
                        Duration.ofMillis(20)));
        assertThat(SinkDefinition.KEYS.names()).hasSize(14);
    }

    @Test
    void knowsTheKeysOfConnectAndRefusesOthers() {
        Map<String, String> connects = RunningSink.properties(
                NOWHERE,
                "connector.class",
                "x",
                "tasks.max",
                "1",
                "errors.tolerance",
                "none",
                "value.converter",
                "x",
                "value.converter.schemas.enable",
                "false",
                "consumer.override.max.poll.records",
                "10000");
        assertThat(KnownKeys.unknown(connects.keySet())).isEmpty();

        assertThatThrownBy(() -> SinkConfig.of(RunningSink.properties(NOWHERE, "batch.sise", "1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'batch.sise'");
    }

    @Test
    void refusesTwoTopics() {
        assertThatThrownBy(() -> SinkConfig.of(RunningSink.properties(NOWHERE, "topics", "a,b")))
                .hasMessageContaining("exactly one topic");
    }

    @Test
    void validationReportsUnknownKeysAndAServerThatDoesNotAnswer() {
        assertThat(errors(RunningSink.properties(NOWHERE, "other", "1"))).containsOnlyKeys("other");
        assertThat(errors(RunningSink.properties(NOWHERE))).containsOnlyKeys("connection.host");
    }

    @Test
    void validationConnects() throws Exception {
        try (TargetDatabase target = TargetDatabase.create()) {
            ServerSettings server = target.settings();
            assertThat(errors(RunningSink.properties(server))).isEmpty();
            assertThat(errors(RunningSink.properties(server.withDatabase("absent"))))
                    .containsOnlyKeys("connection.database");
            assertThat(errors(RunningSink.properties(target.settings("postgres", "wrong"))))
                    .containsOnlyKeys("connection.password");
        }
    }

    @Test
    void hasOneTaskAndIsFoundAsAPlugin() {
        SinkConnector found =
                ServiceLoader.load(SinkConnector.class).findFirst().orElseThrow();
        found.start(RunningSink.properties(NOWHERE));

        assertThat(found).isInstanceOf(PostgresSinkConnector.class);
        assertThat(found.taskConfigs(8)).containsExactly(RunningSink.properties(NOWHERE));
    }

    private static Map<String, List<String>> errors(Map<String, String> properties) {
        return new PostgresSinkConnector()
                .validate(properties).configValues().stream()
                        .filter(value -> !value.errorMessages().isEmpty())
                        .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
    }
}
