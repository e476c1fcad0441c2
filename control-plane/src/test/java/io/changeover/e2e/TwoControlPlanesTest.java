package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.migration.Names;
import io.changeover.spec.SchemaMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A control plane that stopped goes on when another one has taken over its migrations: docs/decisions/0023. It is
 * neither killed nor told; whatever it still wants to do must not happen.
 */
@Timeout(240)
@ExtendWith(StackExtension.class)
class TwoControlPlanesTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private static final String READ_ONLY = "select exists (select from pg_db_role_setting s join pg_database d on"
            + " d.oid = s.setdatabase where d.datname = current_database()"
            + " and 'default_transaction_read_only=on' = any (s.setconfig))";

    /** All is done for the cutover, the source is locked and read-only, and it is not recorded. */
    @Test
    void oneThatStoppedInTheFreezeHasCutOverNothing(SharedStack stack, Databases databases) throws Exception {
        SharedStack.Plane first = stack.plane();
        begin(first.api(), stack, databases);
        Thread runner = runner(databases);
        String epoch = epoch(databases);
        try (first;
                HeldClock.Hold hold = first.clock()
                        .hold(runner, () -> databases.askSource(READ_ONLY).contains("t"))) {
            await("a cutover that may begin")
                    .atMost(SOON)
                    .until(() -> first.api().cutover(databases).status() == 202);
            await("the end of the freeze").atMost(SOON).until(hold::isReached);
            assertThat(sessions(databases, epoch)).hasSizeGreaterThan(1);

            Api second = stack.succeed().api();
            second.awaitState(databases, "READY_TO_CUTOVER");
            assertThat(sessions(databases, epoch)).isEmpty();
            assertThat(second.database(databases).path("timeline").toString()).contains("CUTTING_OVER");
            databases.onSource("insert into public.t values (2, 'while it is stopped')");

            hold.close();
            runner.join(SOON.toMillis());
            assertThat(runner.isAlive()).isFalse();
            assertThat(sessions(databases, epoch)).isEmpty();
            assertThat(databases.askSource(READ_ONLY)).containsExactly("f");
            databases.onSource("insert into public.t values (3, 'when it has gone on')");
            assertRefusesAll(first.api(), databases);
            assertEndsEqual(second, databases);
        }
    }

    /** What it was about to do is done by its successor already: done again it would lose what came since. */
    @Test
    void oneThatWasCutOffEmptiesNoTableWhenItIsThereAgain(SharedStack stack, Servers servers) throws Exception {
        Databases direct = servers.create();
        SharedStack.Plane first = stack.plane();
        try (first;
                MarkedSessions way = new MarkedSessions(direct.target(Servers.MIGRATOR))) {
            Databases databases = direct.withTarget(way::of);
            begin(first.api(), stack, databases);
            Thread runner = runner(databases);
            String epoch = epoch(databases);
            way.hold(epoch);
            assertThat(first.api()
                            .post(path(databases) + "/tables/public.t/reload", "")
                            .status())
                    .isEqualTo(202);
            await("a session that does not come through").atMost(SOON).until(way::hasHeld);

            Api second = stack.succeed().api();
            second.awaitState(databases, "READY_TO_CUTOVER");
            databases.onSource("insert into public.t values (2, 'since')");
            awaitRows(databases, 2);
            assertThat(databases.askTarget("select epoch > " + epoch + " from changeover.leaders"))
                    .containsExactly("t");

            way.release();
            runner.join(SOON.toMillis());
            assertThat(runner.isAlive()).isFalse();
            assertThat(sessions(databases, epoch)).isEmpty();
            assertThat(databases.askTarget("select count(*) from public.t")).containsExactly("2");
            assertRefusesAll(first.api(), databases);
            assertEndsEqual(second, databases);
        }
    }

    private static void begin(Api api, SharedStack stack, Databases databases) throws Exception {
        databases.onSource(
                "create table public.t (id int primary key, v text)", "insert into public.t values (1, 'before')");
        api.begin(stack.spec(databases, SchemaMode.COPY));
        api.awaitState(databases, "READY_TO_CUTOVER");
    }

    /** There is one as long as there is one control plane. */
    private static Thread runner(Databases databases) {
        String name = "changeover-run-" + new Names(databases.migration(), databases.name()).slot();
        List<Thread> found = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static String epoch(Databases databases) throws Exception {
        List<String> epochs = databases.askTarget("select epoch from changeover.leaders");
        assertThat(epochs).hasSize(1);
        return epochs.get(0);
    }

    /** Of one control plane, on both servers. */
    private static List<String> sessions(Databases databases, String epoch) throws Exception {
        String sql = "select application_name from pg_stat_activity where datname = current_database()"
                + " and application_name like '%." + epoch + "'";
        return List.of(databases.askSource(sql), databases.askTarget(sql)).stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Also what it would not have to do anything for. */
    private static void assertRefusesAll(Api api, Databases databases) throws Exception {
        String confirm = "{\"confirm\":\"" + databases.migration() + "/" + databases.name() + "\"}";
        Map<String, String> bodies = Map.of("cutover", confirm, "cancel", confirm, "finish", confirm);
        List<Api.Answer> answers = List.of(
                api.put("/migrations/" + databases.migration() + "/start"),
                api.put(path(databases) + "/pause"),
                api.put(path(databases) + "/stop"),
                api.put(path(databases) + "/resume"),
                api.post(path(databases) + "/cutover", bodies.get("cutover")),
                api.post(path(databases) + "/cancel", bodies.get("cancel")),
                api.post(path(databases) + "/finish", bodies.get("finish")),
                api.put(path(databases) + "/abort"),
                api.post(path(databases) + "/verification", "{}"),
                api.post(path(databases) + "/ddl", "{}"),
                api.post(path(databases) + "/tables/public.t/reload", ""));
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(503);
            assertThat(answer.body().path("code").asText()).isEqualTo("CO-4051");
        });
        assertThat(api.delete(databases.migration())).isEqualTo(503);
        assertThat(api.get("/health/ready").status()).isEqualTo(503);
        assertThat(api.get("/migrations/" + databases.migration()).status()).isEqualTo(200);
    }

    private static void assertEndsEqual(Api api, Databases databases) throws Exception {
        assertThat(databases.askSource("select count(*) from pg_replication_slots where database = current_database()"))
                .containsExactly("1");
        awaitRows(
                databases,
                Integer.parseInt(
                        databases.askSource("select count(*) from public.t").get(0)));
        await("a cutover that may begin")
                .atMost(SOON)
                .until(() -> api.cutover(databases).status() == 202);
        Api.assertEqual(api.awaitEnd(databases));
        assertThat(databases.askTarget("select * from public.t order by id"))
                .isEqualTo(databases.askSource("select * from public.t order by id"));
        assertThat(databases.askSource(READ_ONLY)).containsExactly("t");
    }

    private static void awaitRows(Databases databases, int rows) {
        await("the rows on the target")
                .atMost(SOON)
                .until(
                        () -> databases.askTarget("select count(*) from public.t"),
                        List.of(String.valueOf(rows))::equals);
    }

    private static String path(Databases databases) {
        return "/migrations/" + databases.migration() + "/databases/" + databases.name();
    }
}
