package io.changeover.sink.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class FailureTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08000", "08001", "08003", "08006", "08S01", "40001", "40003", "40P01", "55P03", "57P01", "57P02",
                "57P03", "57P05", "57014", "53100", "53200", "53300", "25006", "25P03", "25P04"
            })
    void triesAgainWhatPasses(String state) {
        assertThat(FailurePolicy.of(new SQLException("", state))).isEqualTo(FailurePolicy.RETRY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"28P01", "28000", "3D000", "40002", "57P04", "53400", "26000", "25P02", "58030", "XX000", "99999"
            })
    void stopsAtEverythingElse(String state) {
        assertThat(FailurePolicy.of(new SQLException("", state))).isEqualTo(FailurePolicy.STOP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22P02", "22003", "23505", "23502", "42501", "42P01", "42703", "0A000", "54000", "44000", "P0001",
                "3F000", "55000", "02000", "21000"
            })
    void aChangeIsRefusedForWhatIsOnlyItsOwn(String state) {
        assertThat(FailurePolicy.of(new SQLException("", state))).isEqualTo(FailurePolicy.REFUSED);
    }

    @Test
    void stopsAtAnErrorWithoutSqlstate() {
        assertThat(FailurePolicy.of(new SQLException("no state"))).isEqualTo(FailurePolicy.STOP);
    }

    @Test
    void triesAgainWhatTheNetworkHasBroken() {
        SQLException error = new SQLException("broken", new IOException(new SocketTimeoutException("Read timed out")));

        assertThat(FailurePolicy.of(error)).isEqualTo(FailurePolicy.RETRY);
    }

    @Test
    void stopsAtACertificateThatIsNotTrusted() {
        SQLException error = new SQLException(
                "SSL error", "08006", new SSLHandshakeException("").initCause(new CertificateException("expired")));

        assertThat(FailurePolicy.of(error)).isEqualTo(FailurePolicy.STOP);
        assertThat(FailureTable.advice(error)).contains("connection.ssl");
    }

    @Test
    void everyBeginningOfAnSqlstateIsInTheTableOnce() {
        assertThat(FailureTable.RULES.stream().flatMap(rule -> rule.states().stream()))
                .doesNotHaveDuplicates()
                .allMatch(state -> state.matches("[0-9A-Z]{2,5}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "22P02 | invalid input value for enum mood: \"a\"b\"",
                "22P02 | ungültige Eingabesyntax für Typ integer: »ab«",
                "22P02 | syntaxe en entrée invalide pour le type integer : « ab »",
                "42601 | syntax error in tsquery: \"a b\"",
                "42P01 | relation \"ab\" does not exist",
                "22P05 | character with byte sequence 0xe2 0x82 0xac in encoding \"UTF8\" has no equivalent",
                "99999 | something 'a' and 'b'"
            })
    void hidesWhatMayBeAValue(String state, String message) {
        SQLException error = new SQLException(message, state);

        assertThat(ServerError.describe(error))
                .startsWith(state + ": " + message.substring(0, 5))
                .contains("(value)")
                .doesNotContainPattern("[\"'»« ]ab?[\"'»« ]|0x");
        assertThat(ServerError.withoutValues(error).getMessage()).isEqualTo(ServerError.describe(error));
    }

    @Test
    void keepsTheNamesThatOtherErrorsQuote() {
        SQLException error = new SQLException("duplicate key value violates unique constraint \"t_pkey\"", "23505");

        assertThat(ServerError.describe(error)).contains("\"t_pkey\"");
    }

    @Test
    void doesNotRepeatWhatAFunctionOfTheTargetSays() {
        SQLException error = new PSQLException(
                new ServerErrorMessage("SERROR\0C40001\0MThe name Smith is taken\0Rexec_stmt_raise\0"));

        assertThat(ServerError.describe(error))
                .startsWith("40001: raised by a function")
                .doesNotContain("Smith");
    }

    @Test
    void waitsLongerFromAttemptToAttemptAndGivesUp() {
        Retries retries = new Retries(3, Duration.ofSeconds(20), () -> 1);

        assertThat(retries.next()).contains(Duration.ofSeconds(20));
        assertThat(retries.next()).contains(Duration.ofSeconds(40));
        assertThat(retries.next()).contains(Duration.ofSeconds(60));
        assertThat(retries.next()).isEmpty();
        retries.succeeded();
        assertThat(retries.next()).contains(Duration.ofSeconds(20));
    }

    @Test
    void neverGivesUpWithoutAMaximum() {
        Retries retries = new Retries(Retries.UNLIMITED, Duration.ofMillis(1), () -> 0);

        for (int i = 0; i < 1000; i++) {
            assertThat(retries.next()).isPresent();
        }
    }

    @Test
    void leavesHalfOfTheWaitToChance() {
        Random random = new Random(7);
        Retries retries = new Retries(Retries.UNLIMITED, Duration.ofSeconds(1), random::nextDouble);
        for (int i = 0; i < 10; i++) {
            retries.next();
        }

        List<Duration> waits =
                Stream.generate(() -> retries.next().orElseThrow()).limit(100).toList();

        assertThat(waits).allMatch(wait -> wait.toMillis() >= 30_000 && wait.toMillis() <= 60_000);
        assertThat(Set.copyOf(waits)).hasSizeGreaterThan(90);
    }
}
