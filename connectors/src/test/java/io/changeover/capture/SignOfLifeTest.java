package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignOfLifeTest {

    @ParameterizedTest
    @CsvSource({"1min, 10000", "30s, 7500", "2s, 500", "2500ms, 625", "1h, 10000", "1d, 10000", "0, 10000", "1ms, 10"})
    void comesFourTimesInTheServersPatience(String timeout, long millis) {
        assertThat(SignOfLife.interval(timeout)).isEqualTo(Duration.ofMillis(millis));
    }
}
