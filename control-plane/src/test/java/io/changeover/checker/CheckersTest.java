package io.changeover.checker;

import static io.changeover.migration.DatabaseState.CATCHING_UP;
import static io.changeover.migration.DatabaseState.COMPLETED;
import static io.changeover.migration.DatabaseState.CREATED;
import static io.changeover.migration.DatabaseState.CUTTING_OVER;
import static io.changeover.migration.DatabaseState.FAILED;
import static io.changeover.migration.DatabaseState.FULL_LOAD;
import static io.changeover.migration.DatabaseState.PREFLIGHT;
import static io.changeover.migration.DatabaseState.READY_TO_CUTOVER;
import static io.changeover.migration.DatabaseState.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.e2e.StackExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A checker that finds nothing proves nothing: each has to find what it is for. */
@Timeout(60)
@ExtendWith(StackExtension.class)
class CheckersTest {

    @Test
    void insertsThatAreLostOrRisenOrOfNobodyAreFound() {
        Map<Long, Fate> known = Map.of(1L, Fate.COMMITTED, 2L, Fate.ROLLED_BACK, 3L, Fate.UNKNOWN);

        assertThat(Rules.inserts(known, Set.of(1L))).isEmpty();
        assertThat(Rules.inserts(known, Set.of(1L, 3L))).isEmpty();
        assertThat(Rules.inserts(known, Set.of(3L))).singleElement().asString().contains("missing: [1]");
        assertThat(Rules.inserts(known, Set.of(1L, 2L)))
                .singleElement()
                .asString()
                .contains("rolled back: [2]");
        assertThat(Rules.inserts(known, Set.of(1L, 4L)))
                .singleElement()
                .asString()
                .contains("nobody made: [4]");
    }

    @Test
    void itemsThatAreLostOrDoubledOrInAnotherOrderAreFound() {
        List<Map.Entry<Long, Fate>> appended = List.of(
                Map.entry(1L, Fate.COMMITTED),
                Map.entry(2L, Fate.UNKNOWN),
                Map.entry(3L, Fate.ROLLED_BACK),
                Map.entry(4L, Fate.COMMITTED));

        assertThat(Rules.list(0, appended, List.of(1L, 4L))).isEmpty();
        assertThat(Rules.list(0, appended, List.of(1L, 2L, 4L))).isEmpty();
        assertThat(Rules.list(0, appended, List.of(4L))).hasSize(1);
        assertThat(Rules.list(0, appended, List.of(4L, 1L))).hasSize(1);
        assertThat(Rules.list(0, appended, List.of(1L, 3L, 4L))).hasSize(1);
        assertThat(Rules.list(0, appended, List.of(1L, 4L, 4L))).hasSize(2);
        assertThat(Rules.list(0, appended, List.of(1L, 4L, 5L))).hasSize(1);
    }

    @Test
    void whatIsSwitchedIsNeverSwitchedBack() {
        assertThat(StatePath.violations(List.of(
                        CREATED,
                        PREFLIGHT,
                        SCHEMA,
                        FULL_LOAD,
                        FAILED,
                        FULL_LOAD,
                        CATCHING_UP,
                        READY_TO_CUTOVER,
                        CUTTING_OVER,
                        CATCHING_UP,
                        READY_TO_CUTOVER,
                        CUTTING_OVER,
                        COMPLETED,
                        FAILED,
                        COMPLETED)))
                .isEmpty();
        assertThat(StatePath.violations(List.of(CREATED, SCHEMA))).hasSize(1);
        assertThat(StatePath.violations(
                        List.of(CREATED, PREFLIGHT, SCHEMA, FULL_LOAD, CATCHING_UP, READY_TO_CUTOVER, COMPLETED)))
                .hasSize(1);
        assertThat(StatePath.violations(List.of(
                        CREATED,
                        PREFLIGHT,
                        SCHEMA,
                        FULL_LOAD,
                        CATCHING_UP,
                        READY_TO_CUTOVER,
                        CUTTING_OVER,
                        COMPLETED,
                        CATCHING_UP)))
                .hasSize(1);
    }

    @Test
    void whatIsDoneToADatabaseBehindTheApplicationIsFound(Databases databases) throws Exception {
        CheckedApplication.makeTables(databases.source(Servers.APPLICATION));
        try (CheckedApplication application = CheckedApplication.start(
                        () -> databases.source(Servers.APPLICATION), CheckedApplication.Settings.defaults());
                BankWatch watch = BankWatch.start(databases.source(Servers.MIGRATOR))) {
            await("transactions")
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> application.committed() > 60 && watch.reads() > 10);
            application.close();
            List<String> definitions = Catalog.lines(databases.source(Servers.MIGRATOR));
            assertThat(violations(application, databases)).isEmpty();
            assertThat(watch.violations()).isEmpty();

            databases.onSource(
                    "delete from checked.inserts where id = (select min(id) from checked.inserts)",
                    "update checked.lists set items = items || ',1' where id = 0",
                    "update checked.giro set balance = balance + 1 where id = 1",
                    "alter table checked.inserts alter number drop not null");
            await("the watch to see it").until(() -> !watch.violations().isEmpty());

            assertThat(violations(application, databases)).hasSizeGreaterThanOrEqualTo(3);
            assertThat(Catalog.lines(databases.source(Servers.MIGRATOR))).isNotEqualTo(definitions);
        }
    }

    private static List<String> violations(CheckedApplication application, Databases databases) throws Exception {
        return application.violationsOn(databases.source(Servers.MIGRATOR));
    }
}
