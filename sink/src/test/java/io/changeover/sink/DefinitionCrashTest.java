package io.changeover.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.fault.CrashPoint;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The sink stops before a change of another definition, the target is altered, and a JVM is ended where it goes on:
 * every value is in its column, and every change is there once.
 */
@Timeout(180)
class DefinitionCrashTest {

    private TargetDatabase target;

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
        AlteredTopic.createTables(target);
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    @Test
    void allPointsAreCovered() {
        assertThat(Arrays.stream(CrashPoint.values())
                        .filter(point -> point.part().equals("definition")))
                .containsExactly(CrashPoint.DEFINITION_BEFORE_RECORD, CrashPoint.DEFINITION_AFTER_RECORD);
    }

    /** The names that swap, and the new column. */
    static Stream<Arguments> moments() {
        return Stream.of(
                        CrashPoint.DEFINITION_BEFORE_RECORD,
                        CrashPoint.DEFINITION_AFTER_RECORD,
                        CrashPoint.SINK_BEFORE_COMMIT,
                        CrashPoint.SINK_AFTER_COMMIT)
                .flatMap(point -> Stream.of(Arguments.of(point, 1), Arguments.of(point, 2)));
    }

    @ParameterizedTest
    @MethodSource("moments")
    void valuesAreInTheirColumnsWhereverItEnds(CrashPoint point, int time) throws Exception {
        stopBeforeTheOtherDefinition();
        AlteredTopic.alter(target);

        try (SinkProcess process = SinkProcess.ofAlteredTableCrashingAt(point, time, target.settings())) {
            assertThat(process.status()).as(point.id()).isEqualTo(CrashPoint.STATUS);
        }
        AlteredTopic.follow(target.settings());

        AlteredTopic.assertApplied(target);
    }

    /** Nothing of the target was altered yet when it ended: it stops at the same place again. */
    @ParameterizedTest
    @EnumSource(
            value = CrashPoint.class,
            names = {"DEFINITION_BEFORE_RECORD", "DEFINITION_AFTER_RECORD", "SINK_BEFORE_COMMIT", "SINK_AFTER_COMMIT"})
    void firstDefinitionIsTheOneToCompareWithWhereverItEnds(CrashPoint point) throws Exception {
        try (SinkProcess process = SinkProcess.ofAlteredTableCrashingAt(point, 1, target.settings())) {
            assertThat(process.status()).as(point.id()).isEqualTo(CrashPoint.STATUS);
        }
        stopBeforeTheOtherDefinition();
        AlteredTopic.alter(target);
        AlteredTopic.follow(target.settings());

        AlteredTopic.assertApplied(target);
    }

    private void stopBeforeTheOtherDefinition() throws Exception {
        try (SinkProcess process = SinkProcess.ofAlteredTable(target.settings())) {
            assertThat(process.status()).isEqualTo(SinkProcess.STOPPED);
            assertThat(process.output()).contains("CO-2062: Table public.t was altered on the source");
        }
        assertThat(target.query("select id, a, b from public.t order by id"))
                .containsExactly("1|second|third", "2|second|third");
    }
}
