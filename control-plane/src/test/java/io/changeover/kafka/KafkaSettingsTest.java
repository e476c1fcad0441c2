package io.changeover.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaSettingsTest {

    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required ";

    @TempDir
    Path directory;

    @Test
    void fileOfAnOperatorIsRead() throws Exception {
        Path file = write("""
                # as for kafka-topics.sh --command-config
                security.protocol=SASL_SSL
                sasl.mechanism=SCRAM-SHA-512
                sasl.jaas.config=%susername="changeover" \\
                    password="${file:/run/secrets/kafka.properties:password}";
                ssl.truststore.location=/etc/kafka/roots.pem
                ssl.truststore.type=PEM
                client.dns.lookup=resolve_canonical_bootstrap_servers_only
                """.formatted(SCRAM));

        KafkaSettings settings = KafkaSettings.read(file);

        assertThat(settings.properties())
                .hasSize(6)
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry(
                        "sasl.jaas.config",
                        SCRAM + "username=\"changeover\" password=\"${file:/run/secrets/kafka.properties:password}\";");
        assertThat(settings.toString()).contains("sasl.jaas.config").doesNotContain("username");
    }

    @Test
    void whatNobodyMayGiveIsRefusedWithWhatIsMeant() {
        assertThat(problems("security.protocl", "SSL"))
                .singleElement()
                .asString()
                .contains("security.protocl: not a setting that can be given here; did you mean security.protocol?");
        for (String name : List.of("bootstrap.servers", "transactional.id", "metric.reporters", "client.id")) {
            assertThat(problems(name, "x")).singleElement().asString().startsWith(name + ":");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ssl.keystore.password",
        "ssl.key.password",
        "ssl.truststore.password",
        "ssl.keystore.key",
        "sasl.oauthbearer.client.credentials.client.secret"
    })
    void secretsAreReferences(String name) {
        assertThat(problems(name, "hunter2"))
                .singleElement()
                .asString()
                .startsWith(name + ": must be a reference")
                .doesNotContain("hunter2");
        assertThat(problems(name, "${env:KAFKA_PASSWORD}")).isEmpty();
    }

    @Test
    void passwordInALoginIsAReferenceToo() {
        for (String option : List.of("password=\"hunter2\"", "Password = hunter2", "clientSecret=\"hunter2\"")) {
            assertThat(problems("sasl.jaas.config", SCRAM + "username=\"u\" " + option + ";"))
                    .singleElement()
                    .asString()
                    .contains("must be a reference")
                    .doesNotContain("hunter2");
        }
        for (String option : List.of("password=\"${env:P}\"", "password=${env:P}", "keyTab=\"/etc/key.tab\"")) {
            assertThat(problems("sasl.jaas.config", SCRAM + "username=\"u\" " + option + ";"))
                    .as(option)
                    .isEmpty();
        }
        assertThat(problems("sasl.jaas.config", SCRAM + "password=\"x${env:P}\";"))
                .hasSize(1);
    }

    @Test
    void valuesThatKafkaDoesNotTakeAreFoundBeforeAnythingIsStarted() {
        assertThat(problems("security.protocol", "SASL_TLS"))
                .singleElement()
                .asString()
                .startsWith("security.protocol: not a value");
        assertThat(problems("sasl.login.retry.backoff.ms", "soon")).hasSize(1);
        assertThat(problems("ssl.truststore.certificates", "-----BEGIN CERTIFICATE-----"))
                .isEmpty();
    }

    @Test
    void allThatIsWrongIsToldAtOnce() throws Exception {
        Path file = write("security.protocol=TLS\nssl.key.password=hunter2\nacks=0\n");

        assertThatThrownBy(() -> KafkaSettings.read(file))
                .isInstanceOf(InvalidKafkaSettings.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("security.protocol")
                .hasMessageContaining("ssl.key.password")
                .hasMessageContaining("acks")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> KafkaSettings.read(directory.resolve("none")))
                .isInstanceOf(InvalidKafkaSettings.class)
                .hasMessageContaining("cannot be read");
    }

    private Path write(String text) throws Exception {
        return Files.writeString(directory.resolve("kafka.properties"), text);
    }

    private static List<String> problems(String name, String value) {
        return KafkaSettings.problems(Map.of(name, value));
    }
}
