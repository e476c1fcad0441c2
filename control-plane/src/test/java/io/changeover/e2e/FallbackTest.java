package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.connect.ConnectClient;
import io.changeover.cutover.Cutover;
import io.changeover.cutover.Sides;
import io.changeover.cutover.Terms;
import io.changeover.fault.CrashPoint;
import io.changeover.migration.Names;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.FallbackSpec;
import io.changeover.spec.HookFailure;
import io.changeover.spec.HookMoment;
import io.changeover.spec.HookSpec;
import io.changeover.spec.HookStep;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.TableSelection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The old source follows the target after the cutover, and takes over again. No role here is a superuser. */
@Timeout(240)
@ExtendWith(StackExtension.class)
class FallbackTest {

    @TempDir
    private Path files;

    private static final String TRIGGERS = """
            select c.relname, t.tgname, t.tgenabled from pg_trigger t join pg_class c on c.oid = t.tgrelid
            where c.relnamespace = 'public'::regnamespace and not t.tgisinternal order by 1, 2""";

    private static final String FOREIGN_KEYS = """
            select conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid) from pg_constraint
            where contype = 'f' and connamespace = 'public'::regnamespace order by 1, 2""";

    @Test
    void whatApplicationsWriteToTheTargetGoesToTheOldSourceWhichTakesOverAgain(SharedStack stack, Databases databases)
            throws Exception {
        Api api = stack.api();
        prepare(databases);
        List<String> triggers = databases.askSource(TRIGGERS);
        List<String> keys = databases.askSource(FOREIGN_KEYS);
        api.begin(withFallback(stack, databases).withHooks(hooks(stack)));
        api.awaitState(databases, "READY_TO_CUTOVER");
        assertThat(back(api, databases).isMissingNode()).isTrue();
        assertThat(api.post(path(databases) + "/rollback", confirm(databases)).status())
                .isEqualTo(409);
        databases.onSource("insert into public.parent values (50, 'before the cutover')");
        cutOver(api, databases);

        awaitPhase(api, databases, "FOLLOWING");
        writeToTheTarget(databases);
        awaitNothingPending(api, databases);
        assertThat(rows(databases, true)).isEqualTo(rows(databases, false)).hasSizeGreaterThan(900);
        assertThat(databases.askSource("select count(*) from public.log")).containsExactly("5");
        Api.assertEqual(api.awaitEnd(databases));
        assertThat(api.text("/metrics"))
                .contains("changeover_fallback_lag_seconds{database=\"" + databases.name() + "\"");
        assertThatThrownBy(() -> onSourcePlain(databases, "insert into public.parent values (51, 'no')"))
                .hasMessageContaining("read-only");
        isAborted(api, databases);
        goesOnWhereARollbackDied(databases);

        rollBack(api, databases);
        JsonNode over = awaitPhase(api, databases, "ENDED");

        assertHooksWereTold(api, databases);
        assertThat(over.path("comparison").path("differences")).isEmpty();
        assertThat(over.path("comparison").path("tables"))
                .hasSize(5)
                .allSatisfy(table -> assertThat(table.path("equal").asBoolean()).isTrue());
        assertThat(rows(databases, true)).isEqualTo(rows(databases, false));
        assertThat(databases.askSource(TRIGGERS)).isEqualTo(triggers);
        assertThat(databases.askSource(FOREIGN_KEYS)).isEqualTo(keys);
        onSourcePlain(databases, "insert into public.parent (v) values ('written to the source again')");
        assertThat(databases.askSource("select id from public.parent where v = 'written to the source again'"))
                .containsExactly("1001");
        assertThatThrownBy(() -> onTargetPlain(databases, "insert into public.parent values (51, 'no')"))
                .hasMessageContaining("read-only");

        assertFinishLeavesNothing(stack, databases);
        onTargetPlain(databases, "insert into public.parent values (52, 'yes')");
    }

    @Test
    void finishEndsTheWayBackAndLeavesNothingOfIt(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        prepare(databases);
        List<String> triggers = databases.askSource(TRIGGERS);
        List<String> keys = databases.askSource(FOREIGN_KEYS);
        api.begin(withFallback(stack, databases));
        api.awaitState(databases, "READY_TO_CUTOVER");
        cutOver(api, databases);
        awaitPhase(api, databases, "FOLLOWING");
        onTargetPlain(databases, "insert into public.parent values (60, 'on the target')");
        awaitNothingPending(api, databases);
        Api.assertEqual(api.awaitEnd(databases));

        assertFinishLeavesNothing(stack, databases);

        assertThat(databases.askSource("select v from public.parent where id = 60"))
                .containsExactly("on the target");
        assertThat(databases.askSource(TRIGGERS)).isEqualTo(triggers);
        assertThat(databases.askSource(FOREIGN_KEYS)).isEqualTo(keys);
        onSourcePlain(databases, "insert into public.large values (61, 'on the source')");
    }

    @Test
    void tableThatWasMadeOnTheTargetStandsInTheWayOfARollback(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        databases.onSource("create table public.parent (id int primary key, v text)");
        api.begin(withFallback(stack, databases));
        api.awaitState(databases, "READY_TO_CUTOVER");
        cutOver(api, databases);
        awaitPhase(api, databases, "FOLLOWING");

        onTargetPlain(databases, "create table public.later (id int primary key)");

        await("the new table to be seen")
                .atMost(Duration.ofSeconds(60))
                .until(() -> back(api, databases).path("blockers").toString().contains("public.later"));
        assertThat(api.post(path(databases) + "/rollback", confirm(databases))
                        .body()
                        .toString())
                .contains("CO-4025")
                .contains("public.later");
        onTargetPlain(databases, "drop table public.later");
        rollBack(api, databases);
        awaitPhase(api, databases, "ENDED");
        assertFinishLeavesNothing(stack, databases);
    }

    /** What an operator's script needs to send applications to the target, and back. */
    private List<HookSpec> hooks(SharedStack stack) throws IOException {
        Path program = Files.createTempFile(stack.hooks(), "back", ".sh");
        Files.writeString(
                program,
                "#!/bin/sh\necho $CHANGEOVER_DIRECTION $CHANGEOVER_PHASE $CHANGEOVER_STEP $CHANGEOVER_WRITABLE_PORT"
                        + " >> \"$1\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return List.of(
                hook(program, HookMoment.BEFORE, HookStep.FENCE, HookFailure.VETO),
                hook(program, HookMoment.AFTER, HookStep.COMPLETED, HookFailure.WARN),
                hook(program, HookMoment.AFTER, HookStep.GIVEN_UP, HookFailure.WARN));
    }

    private HookSpec hook(Path program, HookMoment at, HookStep step, HookFailure onFailure) {
        List<String> command =
                List.of(program.toString(), files.resolve("notes").toString());
        return HookSpec.command("at-" + step.word(), at, step, command, Duration.ofSeconds(10), onFailure);
    }

    private void assertHooksWereTold(Api api, Databases databases) throws IOException {
        int source = databases.source(Servers.MIGRATOR).port();
        int target = databases.target(Servers.MIGRATOR).port();
        assertThat(Files.readAllLines(files.resolve("notes")))
                .containsSubsequence(
                        "cutover before fence " + source,
                        "cutover after completed " + target,
                        "rollback after given-up " + target,
                        "rollback before fence " + target,
                        "rollback after completed " + source);
        assertThat(api.send("GET", "/migrations/" + databases.migration() + "/report", "", "Accept", "text/html")
                        .body())
                .contains(
                        "Gates when the rollback began",
                        "way back FOLLOWING",
                        "Hooks of rollbacks",
                        "rollback, before fence: at-fence",
                        "rollback, after completed: at-completed");
    }

    private static void isAborted(Api api, Databases databases) throws SQLException {
        try (Connection application = Databases.plain(databases.target(Servers.APPLICATION));
                Statement statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("insert into public.keyless values (70, 'holds up the fence')");
            askForRollback(api, databases);
            api.awaitState(databases, "ROLLING_BACK");

            assertThat(api.put(path(databases) + "/abort").status()).isEqualTo(202);

            api.awaitState(databases, "COMPLETED");
            assertThat(api.database(databases).path("reason").asText()).contains("Aborted by");
            application.commit();
        }
        onTargetPlain(databases, "insert into public.keyless values (71, 'after it was aborted')");
    }

    /** As by a process that dies: nothing is undone but what ends with its sessions, and then the next one comes. */
    private static void goesOnWhereARollbackDied(Databases databases) throws Exception {
        Sides sides = new Sides(
                databases.target(Servers.MIGRATOR),
                databases.source(Servers.MIGRATOR),
                new Names(databases.migration(), databases.name()).back(),
                TableSelection.ALL);
        for (CrashPoint deadly : List.of(
                CrashPoint.CUTOVER_AFTER_FENCE,
                CrashPoint.CUTOVER_BEFORE_TAKE_OVER,
                CrashPoint.CUTOVER_AFTER_TAKE_OVER,
                CrashPoint.CUTOVER_AFTER_LASTING)) {
            Terms terms = Terms.within(Duration.ofSeconds(40)).telling(point -> {
                if (point == deadly) {
                    throw new Died();
                }
            });
            assertThatThrownBy(() -> Cutover.perform(sides, terms))
                    .as(deadly.id())
                    .isInstanceOf(Died.class);
            Cutover.rollBack(sides.source(), sides.target());
            onTargetPlain(databases, "insert into public.large values (" + -deadly.ordinal() + ", 'there again')");
            await(deadly.id())
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> !databases
                            .askSource("select from public.large where id = " + -deadly.ordinal())
                            .isEmpty());
        }
    }

    private static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static void prepare(Databases databases) throws SQLException {
        databases.onSource(
                "create table public.parent (id int generated by default as identity primary key, v text)",
                "create table public.child (id int primary key, parent int not null references public.parent on delete"
                        + " cascade)",
                "create table public.keyless (a int, b text)",
                "alter table public.keyless replica identity full",
                "create table public.log (id serial primary key, what text)",
                "create table public.large (id int primary key, v text)",
                "alter table public.large alter v set storage external",
                "create function public.log() returns trigger language plpgsql as"
                        + " 'begin insert into public.log (what) values (tg_op); return null; end'",
                "create trigger logs after insert on public.parent for each row execute procedure public.log()",
                "create sequence public.free start 7",
                "insert into public.parent values (1, 'a'), (2, 'b'), (3, 'c')",
                "insert into public.child values (1, 1), (2, 2), (3, 3)",
                "insert into public.keyless values (1, 'x'), (1, 'x'), (2, null)",
                "insert into public.large values (1, repeat('x', 10000))");
    }

    /** A trigger on the target has logged each of these; on the old source none of them is logged again. */
    private static void writeToTheTarget(Databases databases) throws SQLException {
        onTargetPlain(
                databases,
                "insert into public.parent values (4, 'd')",
                "update public.parent set v = 'changed' where id = 1",
                "delete from public.parent where id = 2",
                "update public.large set id = 2",
                "delete from public.keyless where a = 2",
                "update public.keyless set b = 'y'",
                "insert into public.keyless values (3, 'a''b'), (null, null)",
                "alter table public.parent disable trigger logs",
                "insert into public.parent select n, 'many' from generate_series(100, 999) n",
                "alter table public.parent enable trigger logs",
                "insert into public.child select n, n from generate_series(100, 200) n",
                "truncate public.child",
                "insert into public.child values (3, 3)",
                "select nextval('public.free') from generate_series(1, 30)",
                "select setval(pg_get_serial_sequence('public.parent', 'id'), 1000)");
        try (Connection application = Databases.plain(databases.target(Servers.APPLICATION));
                Statement statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("insert into public.keyless select n, 'large' from generate_series(1, 20000) n");
            application.rollback();
            statement.execute("insert into public.large select n, repeat('y', 300) from generate_series(10, 3000) n");
            application.commit();
        }
    }

    private static List<String> rows(Databases databases, boolean source) throws SQLException {
        String all = """
                select 'parent', id::text, v from public.parent union all
                select 'child', id::text, parent::text from public.child union all
                select 'keyless', a::text, b from public.keyless union all
                select 'log', id::text, what from public.log union all
                select 'large', id::text, md5(v) from public.large order by 1, 2, 3""";
        return source ? databases.askSource(all) : databases.askTarget(all);
    }

    private static MigrationSpec withFallback(SharedStack stack, Databases databases) {
        return stack.spec(databases, SchemaMode.COPY).withFallback(new FallbackSpec(true));
    }

    private static void cutOver(Api api, Databases databases) {
        await("a cutover that may begin").until(() -> api.cutover(databases).status() == 202);
        api.awaitState(databases, "COMPLETED");
    }

    private static void rollBack(Api api, Databases databases) {
        askForRollback(api, databases);
        api.awaitState(databases, "ROLLED_BACK");
    }

    private static void askForRollback(Api api, Databases databases) {
        await("a rollback that may begin").atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Api.Answer answer = api.post(path(databases) + "/rollback", confirm(databases));
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        });
    }

    private static JsonNode back(Api api, Databases databases) {
        return api.database(databases).path("fallback");
    }

    private static JsonNode awaitPhase(Api api, Databases databases, String phase) {
        return await("phase " + phase)
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> back(api, databases),
                        back -> back.path("phase").asText().equals(phase));
    }

    private static void awaitNothingPending(Api api, Databases databases) throws SQLException {
        String written = databases
                .askTarget("select pg_current_wal_insert_lsn() - '0/0'")
                .get(0);
        await("the changes of the target")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> databases.askSource("select commit_lsn - '0/0' >= " + written
                                + " from changeover.streams where stream like '%.back'"),
                        List.of("t")::equals);
    }

    private static void assertFinishLeavesNothing(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        assertThat(api.post(path(databases) + "/finish", confirm(databases)).status())
                .isEqualTo(202);
        await("the end")
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.database(databases).path("finished").asBoolean());
        Names names = new Names(databases.migration(), databases.name());
        ConnectClient connect = new ConnectClient(stack.connectUri().toString());
        for (String connector : List.of(
                names.capture(),
                names.sink(),
                names.back().capture(),
                names.back().sink())) {
            assertThat(connect.status(connector)).as(connector).isEmpty();
        }
        String slots = "select slot_name from pg_replication_slots where database = current_database()";
        String schemas = "select nspname from pg_namespace where nspname = 'changeover'";
        for (String query : List.of(slots, schemas, "select pubname from pg_publication")) {
            assertThat(databases.askSource(query)).as(query).isEmpty();
            assertThat(databases.askTarget(query)).as(query).isEmpty();
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            assertThat(admin.listTopics().names().get()).noneMatch(topic -> topic.startsWith(names.changeTopic()));
            assertThat(admin.listGroups().all().get())
                    .noneMatch(group ->
                            group.groupId().equals("connect-" + names.back().sink()));
        }
        assertThat(api.delete(databases.migration())).isEqualTo(204);
    }

    private static void onSourcePlain(Databases databases, String... statements) throws SQLException {
        run(databases.source(Servers.APPLICATION), statements);
    }

    private static void onTargetPlain(Databases databases, String... statements) throws SQLException {
        run(databases.target(Servers.APPLICATION), statements);
    }

    /** As an application does. */
    private static void run(ServerSettings server, String... statements) throws SQLException {
        try (Connection application = Databases.plain(server);
                Statement statement = application.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String confirm(Databases databases) {
        return "{\"confirm\":\"" + databases.migration() + "/" + databases.name() + "\"}";
    }

    private static String path(Databases databases) {
        return "/migrations/" + databases.migration() + "/databases/" + databases.name();
    }
}
