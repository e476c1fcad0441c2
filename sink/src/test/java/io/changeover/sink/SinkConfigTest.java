package io.changeover.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.postgres.ServerSettings;
import io.changeover.sink.config.GivenKeys;
import io.changeover.sink.config.SinkDefinition;
import io.changeover.sink.failure.ChangeFailureMode;
import io.changeover.sink.group.BufferLimits;
import io.changeover.sink.guard.GuardMode;
import io.changeover.sink.rows.RowFailureMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigException;
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
                        new BufferLimits(100_000, 200_000, 96 << 20),
                        GuardMode.AUTO,
                        Duration.ofSeconds(2),
                        -1,
                        Duration.ofSeconds(1),
                        ChangeFailureMode.STOP));
    }

    @Test
    void mapsEveryKey() {
        Map<String, String> all = RunningSink.properties(
                NOWHERE,
                "connection.ssl.root.cert",
                "/roots.pem",
                "batch.size",
                "7",
                "group.max.ms",
                "4",
                "transaction.buffer.changes",
                "8",
                "transaction.buffer.bytes",
                "9",
                "constraint.guard",
                "ddl",
                "max.retries",
                "3",
                "retry.backoff.ms",
                "20",
                "change.failure.mode",
                "stop-table");

        SinkConfig config = SinkConfig.of(all);

        assertThat(config)
                .isEqualTo(new SinkConfig(
                        "stream",
                        new ServerSettings("127.0.0.1", 1, "db", "me", "pw", "disable", Optional.of("/roots.pem")),
                        new BufferLimits(7, 8, 9),
                        GuardMode.DDL,
                        Duration.ofMillis(4),
                        3,
                        Duration.ofMillis(20),
                        ChangeFailureMode.STOP_TABLE));
        assertThat(SinkDefinition.KEYS.names()).hasSize(28);
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
        assertThat(GivenKeys.of(connects).problems()).isEmpty();

        assertThatThrownBy(() -> SinkConfig.of(RunningSink.properties(NOWHERE, "batch.sise", "1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("batch.sise: unknown");
    }

    @Test
    void refusesThatConnectLeavesRecordsOut() {
        Map<String, String> settings = RunningSink.properties(NOWHERE, "errors.tolerance", "all");

        assertThatThrownBy(() -> SinkConfig.of(settings)).hasMessageContaining("CO-2033");
        assertThat(new PostgresSinkConnector().validate(settings).configValues())
                .filteredOn(value -> value.name().equals("errors.tolerance"))
                .hasSize(1)
                .allSatisfy(value -> assertThat(value.errorMessages()).hasSize(1));

        settings.put("record.format", "rows");
        assertThatThrownBy(() -> SinkConfig.of(settings)).hasMessageContaining("errors.deadletterqueue.topic.name");
        settings.put("errors.deadletterqueue.topic.name", "dead");
        assertThat(RowConfig.of(settings).failures()).isEqualTo(RowFailureMode.LEAVE_OUT);
    }

    @Test
    void refusesNoTopic() {
        assertThatThrownBy(() -> SinkConfig.of(RunningSink.properties(NOWHERE, "topics", "")))
                .hasMessageContaining("give topics, or topics.regex");
    }

    @Test
    void aUrlStandsForHostPortDatabaseAndTls() {
        assertThat(SinkConfig.of(byUrl("jdbc:postgresql://h:6543/d%20b?sslmode=verify-ca&sslrootcert=/r.pem"))
                        .target())
                .isEqualTo(new ServerSettings("h", 6543, "d b", "u", "", "verify-ca", Optional.of("/r.pem")));
        assertThat(SinkConfig.of(byUrl("jdbc:postgresql://[::1]/d?ApplicationName=x"))
                        .target())
                .isEqualTo(new ServerSettings("::1", 5432, "d", "u", "", "verify-full", Optional.empty()));
    }

    @Test
    void keysOfOtherSinksMeanTheSame() {
        assertThat(SinkConfig.of(Map.of(
                        "topics", "t",
                        "connection.url", "jdbc:postgresql://h/d",
                        "connection.username", "u",
                        "flush.max.retries", "4",
                        "flush.retry.delay.ms", "30",
                        "auto.create", "False")))
                .isEqualTo(new SinkConfig(
                        "t",
                        new ServerSettings("h", 5432, "d", "u", "", "verify-full", Optional.empty()),
                        new BufferLimits(100_000, 200_000, 96 << 20),
                        GuardMode.AUTO,
                        Duration.ofSeconds(2),
                        4,
                        Duration.ofMillis(30),
                        ChangeFailureMode.STOP));
    }

    private static Map<String, String> byUrl(String url) {
        return Map.of("topics", "t", "connection.url", url, "connection.user", "u");
    }

    @Test
    void hasOneTaskAndIsFoundAsAPlugin() {
        SinkConnector found =
                ServiceLoader.load(SinkConnector.class).findFirst().orElseThrow();
        found.start(RunningSink.properties(NOWHERE));

        assertThat(found).isInstanceOf(PostgresSinkConnector.class);
        assertThat(found.taskConfigs(8)).containsExactly(RunningSink.properties(NOWHERE));
    }
}
