package io.changeover.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void transactionsThatMetAreTriedAgain(String state) {
        assertThat(Answer.toFailedStatement(error(state))).isEqualTo(Answer.TRY_AGAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"08003", "08006", "57P01", "57P02", "57P03", "25006"})
    void serverThatIsGoneOrRefusesWritesIsLeft(String state) {
        assertThat(Answer.toFailedStatement(error(state))).isEqualTo(Answer.RECONNECT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "23503", "42P01", "42501", "57014", "XX000"})
    void everyOtherErrorOfStatementIsBug(String state) {
        assertThat(Answer.toFailedStatement(error(state))).isEqualTo(Answer.STOP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"08001", "08004", "57P03", "28000", "42501", "55000", "53300"})
    void closedDoorIsTriedAgain(String state) {
        assertThat(Answer.toFailedConnect(error(state))).isEqualTo(Answer.RECONNECT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"28P01", "3D000"})
    void wrongPasswordOrDatabaseIsBug(String state) {
        assertThat(Answer.toFailedConnect(error(state))).isEqualTo(Answer.STOP);
    }

    @Test
    void errorWithoutStateIsBug() {
        assertThat(Answer.toFailedStatement(new SQLException("no state"))).isEqualTo(Answer.STOP);
    }

    private static SQLException error(String state) {
        return new SQLException("refused", state);
    }
}
