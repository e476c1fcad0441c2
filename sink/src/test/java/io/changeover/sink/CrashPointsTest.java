package io.changeover.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.fault.CrashPoint;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A JVM is ended at every point of the sink; the next one goes on, and every change is on the target once. A point that
 * the topic does not lead to fails.
 */
@Timeout(180)
class CrashPointsTest {

    private TargetDatabase target;

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
        CrashTopic.createTables(target);
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    static Stream<CrashPoint> points() {
        return Arrays.stream(CrashPoint.values()).filter(point -> point.part().equals("sink"));
    }

    @ParameterizedTest
    @MethodSource("points")
    void everyChangeLandsOnceAfterACrash(CrashPoint point) throws Exception {
        try (SinkProcess process = SinkProcess.crashingAt(point, 1, target.settings())) {
            assertThat(process.status()).as(point.id()).isEqualTo(CrashPoint.STATUS);
        }
        finish();
    }

    /** Ended at the first time, at the second when it was started again, and so on, until it comes to the end. */
    @Tag("faults")
    @Timeout(600)
    @ParameterizedTest
    @MethodSource("points")
    void everyChangeLandsOnceAfterManyCrashes(CrashPoint point) throws Exception {
        int status = CrashPoint.STATUS;
        for (int time = 1; status == CrashPoint.STATUS; time++) {
            try (SinkProcess process = SinkProcess.crashingAt(point, time, target.settings())) {
                status = process.status();
            }
        }
        assertThat(status).as(point.id()).isZero();
        CrashTopic.assertApplied(target);
    }

    private void finish() throws SQLException {
        try (RunningSink sink = new RunningSink(target.settings(), CrashTopic.settings())) {
            CrashTopic.follow(sink);
        }
        CrashTopic.assertApplied(target);
    }
}
