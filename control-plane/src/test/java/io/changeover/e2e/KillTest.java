package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.checker.Catalog;
import io.changeover.checker.CheckedApplication;
import io.changeover.demo.DvdRental;
import io.changeover.demo.WriteLoad;
import io.changeover.fault.CrashPoint;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The command is killed and started again with the same arguments: it ends well and both sides are equal.
 * {@link CrashPoints} says how to take some of the points of the cutover.
 */
@Timeout(360)
@ExtendWith(StackExtension.class)
class KillTest {

    private static final List<String> STATES =
            List.of("PREFLIGHT", "SCHEMA", "FULL_LOAD", "CATCHING_UP", "READY_TO_CUTOVER", "CUTTING_OVER", "COMPLETED");
    private static final int LONGEST_MILLIS = 20_000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"FULL_LOAD", "CUTTING_OVER"})
    void goesOnWhereItWas(String state, Servers servers) throws Exception {
        Databases databases = servers.create();
        migrate(databases, process -> killIn(state, process, databases));
    }

    @Tag("faults")
    @ParameterizedTest
    @ValueSource(strings = {"PREFLIGHT", "SCHEMA", "CATCHING_UP", "READY_TO_CUTOVER", "COMPLETED"})
    void goesOnFromEveryState(String state, Servers servers) throws Exception {
        Databases databases = servers.create();
        migrate(databases, process -> killIn(state, process, databases));
    }

    @Tag("faults")
    @ParameterizedTest
    @MethodSource("seeds")
    void goesOnFromAnyMoment(int seed, Servers servers) throws Exception {
        Random random = new Random(seed);
        Databases databases = servers.create();
        migrate(databases, process -> {
            killAfter(random.nextInt(LONGEST_MILLIS), process);
            if (random.nextBoolean()) {
                try (MigrateProcess second = MigrateProcess.start(databases, directory)) {
                    killAfter(random.nextInt(LONGEST_MILLIS), second);
                }
            }
        });
    }

    /** The source is writable and the target silent, or it is completed: whatever comes next ends well. */
    @Tag("faults")
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("io.changeover.e2e.CrashPoints#cutover")
    void goesOnFromEachPointOfTheCutover(CrashPoint point, Servers servers) throws Exception {
        Databases databases = servers.create();
        migrate(
                databases,
                List.of("-Xmx768m", "-D" + CrashPoint.PROPERTY + "=" + point.id()),
                process -> process.assertExit(CrashPoint.STATUS));
    }

    static IntStream seeds() {
        return IntStream.rangeClosed(1, 20);
    }

    @FunctionalInterface
    private interface Fault {
        void happen(MigrateProcess process) throws Exception;
    }

    private void migrate(Databases databases, Fault fault) throws Exception {
        migrate(databases, List.of("-Xmx768m"), fault);
    }

    private void migrate(Databases databases, List<String> options, Fault fault) throws Exception {
        ServerSettings source = databases.source(Servers.APPLICATION);
        try (Connection owner = Connections.open(source, "app")) {
            DvdRental.create(owner, 0.02, 1);
        }
        CheckedApplication.makeTables(source);
        try (WriteLoad load = WriteLoad.start(() -> source, new WriteLoad.Settings(2, 100, 1));
                CheckedApplication application =
                        CheckedApplication.start(() -> source, CheckedApplication.Settings.defaults())) {
            try (MigrateProcess process = MigrateProcess.start(databases, directory, "auto", options)) {
                fault.happen(process);
            }
            try (MigrateProcess again = MigrateProcess.start(databases, directory)) {
                again.assertExit(0);
            }
            load.close();
            application.close();
            assertThat(load.failure()).isEmpty();
            assertThat(application.violationsOn(databases.target(Servers.MIGRATOR)))
                    .isEmpty();
            try (Connection target = Connections.open(databases.target(Servers.APPLICATION), "app")) {
                assertThat(load.missingOn(target)).isEmpty();
            }
        }
        assertThat(Content.rows(databases.target(Servers.MIGRATOR)))
                .isNotEmpty()
                .isEqualTo(Content.rows(databases.source(Servers.MIGRATOR)));
        assertThat(Catalog.lines(databases.target(Servers.MIGRATOR)))
                .isNotEmpty()
                .isEqualTo(Catalog.lines(databases.source(Servers.MIGRATOR)));
        assertThat(databases.askSource(
                        "select slot_name from pg_replication_slots where database = current_database()"))
                .isEmpty();
    }

    /** A state that is over before it was seen counts as seen. */
    private static void killIn(String state, MigrateProcess process, Databases databases) throws InterruptedException {
        process.awaitState(databases, STATES.subList(STATES.indexOf(state), STATES.size()));
        process.kill();
    }

    private static void killAfter(int millis, MigrateProcess process) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        await("the moment of the kill")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> System.nanoTime() > end || !process.isAlive());
        process.kill();
    }
}
