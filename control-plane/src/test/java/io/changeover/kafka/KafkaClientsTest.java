package io.changeover.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.spec.SecretScope;
import io.changeover.spec.Secrets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaClientsTest {

    private static final String LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"%s\";";

    @TempDir
    Path directory;

    @Test
    void clientsHaveTheirOwnPropertiesAndThoseOfAll() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "password=first");
        KafkaClients clients = clients("${file:" + secret + ":password}");

        assertThat(clients.config(Map.of("acks", "all")))
                .containsOnly(
                        Map.entry("acks", "all"),
                        Map.entry("bootstrap.servers", "b:1"),
                        Map.entry("sasl.mechanism", "PLAIN"),
                        Map.entry("sasl.jaas.config", LOGIN.formatted("first")));
        assertThat(clients.toString()).doesNotContain("first").doesNotContain("username");
    }

    @Test
    void passwordThatWasChangedIsThatOfTheNextClient() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "password=first");
        KafkaClients clients = clients("${file:" + secret + ":password}");
        assertThat(clients.config(Map.of())).containsEntry("sasl.jaas.config", LOGIN.formatted("first"));

        Files.writeString(secret, "password=second");

        assertThat(clients.config(Map.of())).containsEntry("sasl.jaas.config", LOGIN.formatted("second"));
    }

    @Test
    void referenceThatLeadsNowhereIsToldWithTheSettingThatHasIt() {
        assertThatThrownBy(() -> clients("${file:/no/such/file:password}").config(Map.of()))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("CO-2103: sasl.jaas.config in kafka.properties: no such file: /no/such/file");
    }

    @Test
    void referencesAreBoundedAsThoseOfDatabases() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "password=first");
        Secrets bounded = new Secrets(Map.of(), SecretScope.of(List.of(Path.of("/run/secrets")), "none"));
        KafkaSettings settings =
                new KafkaSettings(Map.of("ssl.key.password", "${file:" + secret + ":password}"), "kafka.properties");

        assertThatThrownBy(() -> new KafkaClients("b:1", settings, bounded).config(Map.of()))
                .hasMessageContaining("is not below /run/secrets");
    }

    /** Kafka's own message would have what stands behind the quotation mark. */
    @Test
    void passwordThatBreaksTheLoginIsNotShown() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "password=ab\\\"cdefgh ijk");

        assertThatThrownBy(() -> clients("${file:" + secret + ":password}").config(Map.of()))
                .hasMessageContaining("CO-2103")
                .hasMessageContaining("quotation mark")
                .hasNoCause()
                .hasMessageNotContaining("cdefgh");
    }

    @Test
    void refusalsAreExplained() {
        KafkaClients clients = clients("${env:P}");

        assertThat(clients.explain(new ExecutionException(new SaslAuthenticationException("invalid credentials"))))
                .isEqualTo("CO-2100: Kafka at b:1 does not let the control plane in (invalid credentials). Check"
                        + " sasl.jaas.config (user, password) and sasl.mechanism in kafka.properties, and that the user is"
                        + " there");
        assertThat(clients.explain(new KafkaException("x", new SslAuthenticationException("unknown authority"))))
                .startsWith("CO-2101: ")
                .contains("unknown authority", "ssl.truststore.location");
        assertThat(clients.explain(new TopicAuthorizationException("no")))
                .startsWith("CO-2102: ")
                .contains("docs/deploy.md");
        assertThat(KafkaClients.plain("b:1").explain(new TimeoutException("60000 ms")))
                .startsWith("CO-2104: ")
                .contains("now PLAINTEXT", "--kafka-config");
        assertThat(clients.explain(new KafkaException("something else"))).isEqualTo("something else");
    }

    private static KafkaClients clients(String password) {
        return new KafkaClients(
                "b:1",
                new KafkaSettings(
                        Map.of("sasl.mechanism", "PLAIN", "sasl.jaas.config", LOGIN.formatted(password)),
                        "kafka.properties"),
                new Secrets(Map.of()));
    }
}
