package io.changeover.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CrashPointTest {

    /** Passes one point three times. */
    static final class Passing {
        private Passing() {}

        public static void main(String[] arguments) {
            for (int i = 0; i < 3; i++) {
                CrashPoint.SINK_BEFORE_COMMIT.hit();
                CrashPoint.SINK_AFTER_COMMIT.hit();
            }
        }
    }

    @Test
    void isNamedByPartAndPlace() {
        assertThat(CrashPoint.SINK_BEFORE_COMMIT.id()).isEqualTo("sink.before-commit");
        assertThat(CrashPoint.SINK_BEFORE_COMMIT.part()).isEqualTo("sink");
    }

    @Test
    void eachPointOfACutoverIsOneOfARollbackToo() {
        assertThat(CrashPoint.values())
                .filteredOn(point -> point.part().equals("cutover"))
                .allSatisfy(point -> assertThat(point.inRollback().part()).isEqualTo("rollback"));
    }

    @Test
    void refusesAPointThatIsNotThere() {
        assertThatThrownBy(() -> CrashPoint.parse("sink.nowhere")).hasMessageContaining("sink.nowhere");
    }

    @Test
    void isDueAtItsTimeOnly() {
        CrashPoint.Armed second = CrashPoint.parse("sink.before-commit:2");

        assertThat(second.isDue(CrashPoint.SINK_BEFORE_COMMIT)).isFalse();
        assertThat(second.isDue(CrashPoint.SINK_AFTER_COMMIT)).isFalse();
        assertThat(second.isDue(CrashPoint.SINK_BEFORE_COMMIT)).isTrue();
        assertThat(second.isDue(CrashPoint.SINK_BEFORE_COMMIT)).isFalse();
    }

    @Test
    void endsTheJvmOnlyWhereItWasToldTo() throws Exception {
        assertThat(statusOf("sink.after-commit:3")).isEqualTo(CrashPoint.STATUS);
        assertThat(statusOf("sink.after-commit:4")).isZero();
    }

    private static int statusOf(String crash) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-D" + CrashPoint.PROPERTY + "=" + crash,
                        Passing.class.getName())
                .inheritIO()
                .start()
                .waitFor();
    }
}
