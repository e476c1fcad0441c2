package io.changeover.sink.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"08000", "08001", "08003", "08006", "40001", "40P01", "55P03", "57P01", "57P03", "53300", "25006"
            })
    void triesAgainWhatPasses(String state) {
        assertThat(FailurePolicy.of(new SQLException("", state))).isEqualTo(FailurePolicy.RETRY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"22P02", "23505", "23502", "28P01", "3D000", "40002", "42501", "42P01", "53100", "57014", "XX000"
            })
    void stopsAtEverythingElse(String state) {
        assertThat(FailurePolicy.of(new SQLException("", state))).isEqualTo(FailurePolicy.STOP);
    }

    @Test
    void stopsAtAnErrorWithoutSqlstate() {
        assertThat(FailurePolicy.of(new SQLException("no state"))).isEqualTo(FailurePolicy.STOP);
    }

    @Test
    void hidesTheValueThatADataErrorQuotes() {
        SQLException error = new SQLException("invalid input value for enum mood: \"a\"b\nc\"", "22P02");

        assertThat(ServerError.describe(error)).isEqualTo("22P02: invalid input value for enum mood: (value)");
        assertThat(ServerError.withoutValues(error).getMessage())
                .isEqualTo("22P02: invalid input value for enum mood: (value)");
    }

    @Test
    void keepsTheNamesThatOtherErrorsQuote() {
        SQLException error = new SQLException("duplicate key value violates unique constraint \"t_pkey\"", "23505");

        assertThat(ServerError.describe(error)).contains("\"t_pkey\"");
    }

    @Test
    void waitsLongerFromAttemptToAttemptAndGivesUp() {
        Retries retries = new Retries(3, Duration.ofSeconds(20));

        assertThat(retries.next()).contains(Duration.ofSeconds(20));
        assertThat(retries.next()).contains(Duration.ofSeconds(40));
        assertThat(retries.next()).contains(Duration.ofSeconds(60));
        assertThat(retries.next()).isEmpty();
        retries.succeeded();
        assertThat(retries.next()).contains(Duration.ofSeconds(20));
    }

    @Test
    void neverGivesUpWithoutAMaximum() {
        Retries retries = new Retries(Retries.UNLIMITED, Duration.ofMillis(1));

        for (int i = 0; i < 1000; i++) {
            assertThat(retries.next()).isPresent();
        }
    }
}
