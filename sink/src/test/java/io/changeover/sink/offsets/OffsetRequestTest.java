package io.changeover.sink.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OffsetRequestTest {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @Test
    void namesTheOnlyPartition() {
        assertThat(OffsetRequest.of("t", Map.of(PARTITION, 7L))).contains(new OffsetRequest("t", 7));
        assertThat(OffsetRequest.of("t", Map.of())).isEmpty();
    }

    @Test
    void resetMeansTheBeginning() {
        Map<TopicPartition, Long> reset = new HashMap<>();
        reset.put(PARTITION, null);

        assertThat(OffsetRequest.of("t", reset)).contains(new OffsetRequest("t", 0));
    }

    @ParameterizedTest
    @CsvSource({"t, 1, 0", "other, 0, 0", "t, 0, -1"})
    void refusesWhatThereIsNot(String topic, int partition, long offset) {
        assertThatThrownBy(() -> OffsetRequest.of("t", Map.of(new TopicPartition(topic, partition), offset)))
                .isInstanceOf(ConnectException.class)
                .hasMessageStartingWith("CO-2024: ");
    }

    @Test
    void goesBackAndNotForward() {
        OffsetRequest request = new OffsetRequest("t", 7);

        assertThatCode(() -> request.requireBackwards(7)).doesNotThrowAnyException();
        assertThatThrownBy(() -> request.requireBackwards(6))
                .isInstanceOf(ConnectException.class)
                .hasMessageStartingWith("CO-2024: ")
                .hasMessageContaining("never be applied");
    }
}
