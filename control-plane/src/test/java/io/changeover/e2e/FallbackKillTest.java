package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.fault.CrashPoint;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A control plane that dies at each point of the way back, there or back: the next one ends it, and every row is on
 * both sides. {@link CrashPoints} says how to take some of them.
 */
@Tag("faults")
@Timeout(400)
@ExtendWith(StackExtension.class)
class FallbackKillTest {

    private static final List<String> OPTIONS = List.of("-Xmx768m");
    private static final int ROLLED_BACK = 7;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    Path directory;

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("io.changeover.e2e.CrashPoints#fallback")
    void followsFromEachPointBeforeIt(CrashPoint point, Servers servers) throws Exception {
        Databases databases = create(servers);
        try (MigrateProcess process = MigrateProcess.startWithFallback(databases, directory, dyingAt(point))) {
            process.assertExit(CrashPoint.STATUS);
        }
        try (MigrateProcess again = MigrateProcess.startWithFallback(databases, directory, OPTIONS)) {
            write(again.api(), databases);
            askForRollback(again.api(), databases);
            again.assertExit(ROLLED_BACK);
        }
        assertOver(databases);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("io.changeover.e2e.CrashPoints#rollback")
    void rollsBackFromEachPointOfTheRollback(CrashPoint point, Servers servers) throws Exception {
        Databases databases = create(servers);
        try (MigrateProcess process = MigrateProcess.startWithFallback(databases, directory, dyingAt(point))) {
            write(process.api(), databases);
            askForRollback(process.api(), databases);
            process.assertExit(CrashPoint.STATUS);
        }
        try (MigrateProcess again = MigrateProcess.startWithFallback(databases, directory, OPTIONS)) {
            if (point.compareTo(CrashPoint.ROLLBACK_BEFORE_RECORD) <= 0) {
                await("the target to be writable again")
                        .atMost(PATIENCE)
                        .until(() -> again.api()
                                .database(databases)
                                .path("state")
                                .asText()
                                .equals("COMPLETED"));
                databases.onTarget("insert into public.t values (3, 'written after the kill')");
                askForRollback(again.api(), databases);
            }
            again.assertExit(ROLLED_BACK);
        }
        assertOver(databases);
    }

    private static List<String> dyingAt(CrashPoint point) {
        return List.of("-Xmx768m", "-D" + CrashPoint.PROPERTY + "=" + point.id());
    }

    private static Databases create(Servers servers) throws Exception {
        Databases databases = servers.create();
        databases.onSource(
                "create table public.t (id int primary key, v text)", "insert into public.t values (1, 'a')");
        return databases;
    }

    /** As soon as the old source follows. */
    private static void write(Api api, Databases databases) throws Exception {
        await("the old source to follow")
                .atMost(PATIENCE)
                .until(() -> api.database(databases)
                        .path("fallback")
                        .path("phase")
                        .asText()
                        .equals("FOLLOWING"));
        databases.onTarget("insert into public.t values (2, 'on the target')");
    }

    private static void askForRollback(Api api, Databases databases) {
        String name = databases.migration() + "/" + databases.name();
        await("a rollback that may begin").atMost(PATIENCE).untilAsserted(() -> {
            Api.Answer answer = api.post(
                    "/migrations/" + databases.migration() + "/databases/" + databases.name() + "/rollback",
                    "{\"confirm\":\"" + name + "\"}");
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        });
    }

    private static void assertOver(Databases databases) throws Exception {
        String rows = "select id, v from public.t order by id";
        assertThat(databases.askSource(rows)).hasSizeGreaterThanOrEqualTo(2).isEqualTo(databases.askTarget(rows));
        String slots = "select slot_name from pg_replication_slots where database = current_database()";
        assertThat(databases.askSource(slots)).isEmpty();
        assertThat(databases.askTarget(slots)).isEmpty();
        try (Connection application = Databases.plain(databases.source(Servers.APPLICATION));
                Statement statement = application.createStatement()) {
            statement.execute("insert into public.t values (4, 'on the source again')");
        }
    }
}
