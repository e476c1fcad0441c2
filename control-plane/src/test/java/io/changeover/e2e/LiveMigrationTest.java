package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.checker.BankWatch;
import io.changeover.checker.CheckedApplication;
import io.changeover.checker.StatePath;
import io.changeover.demo.DvdRental;
import io.changeover.demo.WriteLoad;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.ExistingIndexMode;
import io.changeover.spec.LoadMode;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.MigrationSpecJson;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The sample database moves while an application writes to it. */
@Timeout(240)
@ExtendWith(StackExtension.class)
class LiveMigrationTest {

    private static final WriteLoad.Settings LOAD = new WriteLoad.Settings(2, 150, 1);
    private static final LoadSpec REBUILDING =
            new LoadSpec(LoadMode.COPY, Optional.of(2), Optional.empty(), ExistingIndexMode.REBUILD);

    private static final String INDEXES =
            "select indexdef from pg_indexes where schemaname not in ('pg_catalog', 'changeover') order by 1";

    private static final String TRIGGERS = """
            select tgrelid::regclass::text, tgname, tgenabled from pg_trigger t join pg_class c on c.oid = tgrelid
            where not tgisinternal and c.relnamespace = 'public'::regnamespace order by 1, 2""";
    private static final String SEQUENCES = """
            select schemaname, sequencename, last_value * sign(increment_by)::numeric from pg_sequences
            where schemaname = 'public' order by 1, 2""";

    private final AtomicReference<ServerSettings> writeTo = new AtomicReference<>();

    @Test
    void applicationGoesOnOnTheTargetAndNothingIsLost(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        fill(databases);
        MigrationSpec spec = stack.spec(databases, SchemaMode.COPY).withRoles(RolesMode.COPY);
        assertThat(api.post("/migrations", MigrationSpecJson.write(spec)).status())
                .isEqualTo(201);
        try (WriteLoad load = WriteLoad.start(writeTo::get, LOAD);
                CheckedApplication checked =
                        CheckedApplication.start(writeTo::get, CheckedApplication.Settings.defaults())) {
            assertCutoverRefused(api, databases, "the state is CREATED");

            api.start(databases.migration());
            api.awaitState(databases, "READY_TO_CUTOVER");
            assertNobodySeesHalfATransaction(databases, load);
            assertThat(api.cutover(databases, "another/one").status()).isEqualTo(400);
            assertThat(api.database(databases).path("state").asText()).isEqualTo("READY_TO_CUTOVER");
            cutOver(api, databases);
            JsonNode end = api.awaitEnd(databases);
            long atTheSwitch = checked.committed();
            await("writes to the target")
                    .until(() -> (wroteToTarget(load) && checked.committed() > atTheSwitch + 50)
                            || load.failure().isPresent());
            load.close();
            checked.close();

            assertThat(load.failure()).isEmpty();
            assertThat(checked.violationsOn(databases.target(Servers.MIGRATOR))).isEmpty();
            assertThat(StatePath.violations(end)).isEmpty();
            assertNothingIsMissing(load, databases);
            assertMoved(databases, end);
            assertRolesAreReported(api, databases);
        }
    }

    @Test
    void tablesThatWereThereWithKeysAndTriggersAreFilled(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        fill(databases);
        StructureCopy.run(databases);
        List<String> triggers = databases.askTarget(TRIGGERS);
        List<String> indexes = databases.askTarget(INDEXES);
        try (WriteLoad load = WriteLoad.start(writeTo::get, LOAD)) {
            api.begin(stack.spec(databases, SchemaMode.EXISTING).withLoad(REBUILDING));
            await("indexes that are dropped for the load")
                    .until(() -> !databases
                                    .askTarget("select to_regclass('changeover.dropped_indexes') is not null")
                                    .contains("f")
                            && !databases
                                    .askTarget("select index_name from changeover.dropped_indexes")
                                    .isEmpty());
            api.awaitState(databases, "READY_TO_CUTOVER");
            assertThat(databases.askTarget(INDEXES)).isEqualTo(indexes);
            assertCutoverAfterChanges(api, databases, load);

            Api.assertEqual(api.awaitEnd(databases));
            load.close();
            assertThat(load.failure()).isEmpty();
            assertNothingIsMissing(load, databases);
            assertThat(databases.askTarget(TRIGGERS)).isEqualTo(triggers);
        }
    }

    /** While changes arrive, until two hundred transactions later. */
    private static void assertNobodySeesHalfATransaction(Databases databases, WriteLoad load) {
        long before = load.transactions();
        try (BankWatch watch = BankWatch.start(databases.target(Servers.MIGRATOR))) {
            await("changes in sync").until(() -> load.transactions() > before + 200 && watch.reads() > 20);
            assertThat(watch.violations()).isEmpty();
        }
    }

    private static void assertRolesAreReported(Api api, Databases databases) throws Exception {
        JsonNode report = api.get(
                        "/migrations/" + databases.migration() + "/databases/" + databases.name() + "/schema-report")
                .body();
        assertThat(report.path("roles").toString()).contains("{\"name\":\"app\",\"outcome\":\"EXISTED\"}");
        assertThat(report.path("grants").path("granted").asInt()).isPositive();
        assertThat(report.path("grants").path("notGranted")).isEmpty();
        assertThat(report.path("owners").toString()).contains("owner to \\\"app\\\";");
        assertThat(databases.askTarget("select count(*) > 0 from pg_class c, aclexplode(relacl) a where relname ="
                        + " 'film' and grantee = 'app'::regrole"))
                .containsExactly("t");
    }

    private void fill(Databases databases) throws SQLException {
        ServerSettings source = databases.source(Servers.APPLICATION);
        writeTo.set(source);
        try (Connection owner = Connections.open(source, "app")) {
            DvdRental.create(owner, 0.05, 1);
        }
        CheckedApplication.makeTables(source);
    }

    private void assertCutoverAfterChanges(Api api, Databases databases, WriteLoad load) {
        long before = load.transactions();
        await("changes in sync").until(() -> load.transactions() > before + 100);
        cutOver(api, databases);
    }

    private void cutOver(Api api, Databases databases) {
        Api.Answer answer = await("a cutover that may begin")
                .atMost(Duration.ofSeconds(20))
                .until(() -> api.cutover(databases), given -> given.status() != 409);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        api.awaitState(databases, "COMPLETED");
        writeTo.set(databases.target(Servers.APPLICATION));
    }

    private static void assertCutoverRefused(Api api, Databases databases, String blocker) {
        Api.Answer refusal = api.cutover(databases);
        assertThat(refusal.status()).isEqualTo(409);
        assertThat(refusal.type()).startsWith("application/problem+json");
        assertThat(refusal.body().path("blockers"))
                .anySatisfy(text -> assertThat(text.asText()).contains(blocker));
    }

    private static boolean wroteToTarget(WriteLoad load) {
        return load.acknowledged().size() == 2 && load.acknowledged().get(1).transactions() > 200;
    }

    private static void assertNothingIsMissing(WriteLoad load, Databases databases) throws SQLException {
        try (Connection target = Connections.open(databases.target(Servers.APPLICATION), "app")) {
            assertThat(load.missingOn(target)).isEmpty();
        }
    }

    private static void assertMoved(Databases databases, JsonNode end) throws SQLException {
        Api.assertEqual(end);
        assertThat(end.path("comparison").path("atTheFence").asBoolean()).isTrue();
        assertThat(end.path("cutover").path("result").path("freezeMillis").asLong())
                .isBetween(1L, 30_000L);
        assertThat(databases.askTarget(TRIGGERS))
                .isNotEmpty()
                .isEqualTo(databases.askSource(TRIGGERS))
                .anyMatch(line -> line.endsWith("|A") || line.endsWith("|R"));
        assertSequencesAreNotBehind(databases);
        assertSourceRefusesWrites(databases);
        assertThat(databases.askSource(
                        "select slot_name from pg_replication_slots where database = current_database()"))
                .isEmpty();
        assertThat(databases.askSource("select pubname from pg_publication")).isEmpty();
        assertThat(databases.askTarget(
                        "select topic_offset > 0 and commit_lsn > '0/0' and transactions > 0 from changeover.streams"))
                .containsExactly("t");
    }

    /** The application has written to the target since. */
    private static void assertSequencesAreNotBehind(Databases databases) throws SQLException {
        List<String> source = databases.askSource(SEQUENCES);
        List<String> target = databases.askTarget(SEQUENCES);
        assertThat(target).hasSameSizeAs(source);
        for (int i = 0; i < source.size(); i++) {
            String[] left = source.get(i).split("\\|");
            String[] right = target.get(i).split("\\|");
            assertThat(right[1]).isEqualTo(left[1]);
            assertThat(right[2])
                    .satisfies(value -> assertThat(number(value)).as(left[1]).isGreaterThanOrEqualTo(number(left[2])));
        }
    }

    private static long number(String value) {
        return value.equals("null") ? Long.MIN_VALUE : Long.parseLong(value);
    }

    private static void assertSourceRefusesWrites(Databases databases) throws SQLException {
        try (Connection application = Databases.plain(databases.source(Servers.APPLICATION));
                Statement statement = application.createStatement()) {
            assertThatThrownBy(() -> statement.execute("update public.film set title = title"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("read-only");
        }
    }
}
