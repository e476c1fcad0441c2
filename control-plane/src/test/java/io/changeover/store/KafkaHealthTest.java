package io.changeover.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.e2e.SharedStack;
import io.changeover.e2e.StackExtension;
import io.changeover.kafka.KafkaClients;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(StackExtension.class)
class KafkaHealthTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

    @Test
    void clusterThatAnswersIsThere(SharedStack stack) {
        try (KafkaHealth health = new KafkaHealth(KafkaClients.plain(stack.bootstrapServers()), now::get)) {
            assertThat(health.answers()).isTrue();
        }
    }

    @Test
    void clusterThatDoesNotAnswerIsAskedAgainLater() throws IOException {
        try (ServerSocket silent = new ServerSocket(0);
                KafkaHealth health =
                        new KafkaHealth(KafkaClients.plain("127.0.0.1:" + silent.getLocalPort()), now::get)) {
            assertThat(health.answers()).isFalse();
            silent.close();
            now.set(now.get().plusSeconds(3));
            assertThat(health.answers()).isFalse();
        }
    }
}
