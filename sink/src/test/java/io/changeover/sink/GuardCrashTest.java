package io.changeover.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.fault.CrashPoint;
import io.changeover.postgres.ServerSettings;
import io.changeover.sink.guard.ConstraintGuard;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever comes after a JVM that is gone at any point of the guard's finds what it needs in the record. */
@Tag("faults")
@Timeout(180)
class GuardCrashTest {

    static Stream<CrashPoint> points() {
        return Arrays.stream(CrashPoint.values()).filter(point -> point.part().equals("guard"));
    }

    /** The second time it comes by: one object is done, the others are not. */
    @ParameterizedTest
    @MethodSource("points")
    void whoComesAfterACrashPutsEverythingBackAsItWas(CrashPoint point) throws Exception {
        try (GuardedDatabase database = GuardedDatabase.create(TargetDatabase.server())) {
            GuardedTables.create(database.connection());
            List<String> before = database.image();
            boolean happensOnce = point.id().endsWith("restore");

            assertThat(run(database.settings(), point.id() + (happensOnce ? ":1" : ":2")))
                    .isEqualTo(CrashPoint.STATUS);

            ConstraintGuard.raise(database.connection());
            assertThat(ConstraintGuard.acting(database.connection())).isEmpty();
            GuardCase.restore(database.connection());
            ConstraintGuard.validate(database.connection());
            assertThat(String.join("\n", database.image())).isEqualTo(String.join("\n", before));
        }
    }

    private static int run(ServerSettings server, String crash) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-D" + CrashPoint.PROPERTY + "=" + crash,
                "-cp",
                System.getProperty("java.class.path"),
                GuardProcess.class.getName()));
        command.addAll(ServerArguments.of(server));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
        return process.waitFor();
    }
}
