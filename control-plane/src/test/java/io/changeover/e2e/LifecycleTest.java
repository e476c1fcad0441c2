package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.connect.ConnectClient;
import io.changeover.connect.ConnectorStatus;
import io.changeover.migration.Names;
import io.changeover.spec.ExistingIndexMode;
import io.changeover.spec.LoadMode;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpecJson;
import io.changeover.spec.SchemaMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a person does with a migration besides waiting for it. */
@Timeout(240)
@ExtendWith(StackExtension.class)
class LifecycleTest {

    private static final LoadSpec SLOW =
            new LoadSpec(LoadMode.COPY, Optional.empty(), Optional.of(100_000L), ExistingIndexMode.REBUILD);

    private static final String TRIGGERS = """
            select c.relname, t.tgname, t.tgenabled from pg_trigger t join pg_class c on c.oid = t.tgrelid
            where c.relnamespace = 'public'::regnamespace and not t.tgisinternal order by 1, 2""";

    private static final String FOREIGN_KEYS = """
            select conrelid::regclass, conname, convalidated from pg_constraint
            where contype = 'f' and connamespace = 'public'::regnamespace order by 1, 2""";

    @Test
    void whatIsPausedWritesNothingAndWhatIsStoppedReadsNothing(SharedStack stack, Databases databases)
            throws Exception {
        Api api = stack.api();
        ConnectClient connect = new ConnectClient(stack.connectUri().toString());
        Names names = new Names(databases.migration(), databases.name());
        databases.onSource("create table public.t (id int primary key, v int)", "insert into public.t values (1, 0)");
        api.begin(stack.spec(databases, SchemaMode.COPY));
        api.awaitState(databases, "READY_TO_CUTOVER");

        assertThat(ask(api, databases, "pause").status()).isEqualTo(202);
        api.awaitState(databases, "PAUSED");
        assertThat(connect.status(names.sink())).map(ConnectorStatus::ended).contains(true);
        assertThat(connect.status(names.capture()))
                .map(ConnectorStatus::running)
                .contains(true);
        databases.onSource("update public.t set v = 1");
        await("a change in the topic")
                .atMost(Duration.ofSeconds(20))
                .until(() ->
                        api.database(databases).path("pending").path("records").asLong() > 0);
        assertThat(databases.askTarget("select v from public.t")).containsExactly("0");
        assertThat(api.database(databases).path("causes").path(0).path("kind").asText())
                .isEqualTo("paused");
        assertThat(api.database(databases).path("connectors"))
                .anySatisfy(look -> assertThat(look.path("name").asText()).isEqualTo(names.capture()))
                .allSatisfy(
                        look -> assertThat(look.path("failure").isMissingNode()).isTrue());
        assertThat(api.text("/metrics"))
                .containsPattern("changeover_state\\{[^}]*migration=\"" + databases.migration()
                        + "\"[^}]*state=\"PAUSED\"} 1\\.0")
                .containsPattern(
                        "changeover_pending_records\\{[^}]*migration=\"" + databases.migration() + "\"} [1-9]");
        assertThat(api.text("/metrics/tables")).contains("table=\"public.t\"");
        assertThat(api.cutover(databases).status()).isEqualTo(409);
        assertThat(api.post(path(databases) + "/tables/public.t/reload", "").status())
                .isEqualTo(409);

        assertThat(ask(api, databases, "stop").status()).isEqualTo(202);
        api.awaitState(databases, "STOPPED");
        assertThat(connect.status(names.capture())).map(ConnectorStatus::ended).contains(true);
        databases.onSource("insert into public.t values (2, 2)");
        await("a slot that nobody reads")
                .atMost(Duration.ofSeconds(20))
                .until(() ->
                        !api.database(databases).path("slot").path("active").asBoolean(true));
        Api.Answer refused = ask(api, databases, "pause");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().path("blockers").get(0).asText()).contains("the state is STOPPED");

        assertThat(ask(api, databases, "resume").status()).isEqualTo(202);
        api.awaitState(databases, "READY_TO_CUTOVER");
        await("the changes since")
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> databases.askTarget("select id, v from public.t order by 1"),
                        List.of("1|1", "2|2")::equals);
        assertThat(ask(api, databases, "resume").status()).isEqualTo(409);
        await("a cutover that may begin").until(() -> api.cutover(databases).status() == 202);
        Api.assertEqual(api.awaitEnd(databases));

        assertFinishLeavesNothing(stack, databases, names);
    }

    private static void assertFinishLeavesNothing(SharedStack stack, Databases databases, Names names)
            throws Exception {
        Api api = stack.api();
        assertThat(api.post(path(databases) + "/cancel", confirm(databases)).status())
                .isEqualTo(409);
        assertThat(delete(api, databases)).isEqualTo(409);
        assertThat(api.post(path(databases) + "/finish", "{}").status()).isEqualTo(400);
        assertThat(api.post(path(databases) + "/finish", confirm(databases)).status())
                .isEqualTo(202);
        await("the end")
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.database(databases).path("finished").asBoolean());
        assertNothingIsLeft(stack, databases, names);
        databases.onSource("insert into public.t values (3, 3)");
        assertThat(delete(api, databases)).isEqualTo(204);
        assertThat(api.get("/migrations/" + databases.migration()).status()).isEqualTo(404);
        List<String> asked = new ArrayList<>();
        for (JsonNode entry :
                api.get("/migrations/" + databases.migration() + "/audit").body()) {
            if (entry.path("who").asText().equals("operator")) {
                asked.add(entry.path("what").asText());
            }
        }
        assertThat(asked).containsExactly("create", "start", "pause", "stop", "resume", "cutover", "finish", "delete");
        assertThat(api.get("/migrations/nobody/audit").status()).isEqualTo(404);
    }

    @Test
    void whatIsCancelledInTheMiddleOfTheLoadLeavesTheTargetAsItWas(SharedStack stack, Databases databases)
            throws Exception {
        Api api = stack.api();
        Names names = new Names(databases.migration(), databases.name());
        databases.onSource(
                "create table public.parent (id int primary key)",
                "create table public.large (id int primary key, parent int references public.parent, v text)",
                "create index large_v on public.large (id, parent)",
                "alter table public.large alter v set storage external",
                "create function public.f() returns trigger language plpgsql as 'begin return new; end'",
                "create trigger t before insert on public.large for each row execute procedure public.f()",
                "alter table public.large enable always trigger t",
                "insert into public.parent values (1)",
                "insert into public.large select n, 1, repeat('x', 5000) from generate_series(1, 2000) n");
        StructureCopy.run(databases);
        List<String> triggers = databases.askTarget(TRIGGERS);
        List<String> keys = databases.askTarget(FOREIGN_KEYS);
        List<String> indexes = databases.askTarget(INDEXES);
        assertThat(triggers).isNotEmpty();
        assertThat(keys).isNotEmpty();
        api.begin(stack.spec(databases, SchemaMode.EXISTING).withLoad(SLOW));
        await("a load in the middle")
                .atMost(Duration.ofSeconds(90))
                .until(() ->
                        api.database(databases).path("fullLoad").path("rows").asLong() > 0);
        assertThat(databases.askTarget(TRIGGERS)).isNotEqualTo(triggers);
        assertThat(databases.askTarget(INDEXES)).isNotEqualTo(indexes);

        assertThat(api.post(path(databases) + "/cancel", "{\"confirm\":\"x\"}").status())
                .isEqualTo(400);
        assertThat(api.post(path(databases) + "/cancel", confirm(databases)).status())
                .isEqualTo(202);
        api.awaitState(databases, "CANCELLED");

        assertNothingIsLeft(stack, databases, names);
        assertThat(databases.askTarget(TRIGGERS)).isEqualTo(triggers);
        assertThat(databases.askTarget(FOREIGN_KEYS)).isEqualTo(keys);
        assertThat(databases.askTarget(INDEXES)).isEqualTo(indexes);
        assertThat(api.put("/migrations/" + databases.migration() + "/start").status())
                .isEqualTo(202);
        assertThat(api.database(databases).path("state").asText()).isEqualTo("CANCELLED");
        assertThat(delete(api, databases)).isEqualTo(204);
    }

    private static final String INDEXES = "select indexdef from pg_indexes where schemaname = 'public' order by 1";

    @Test
    void whatWasNeverStartedIsDeletedAtOnce(SharedStack stack, Databases databases) {
        Api api = stack.api();
        api.post("/migrations", MigrationSpecJson.write(stack.spec(databases, SchemaMode.COPY)));

        assertThat(ask(api, databases, "pause").status()).isEqualTo(409);
        assertThat(delete(api, databases)).isEqualTo(204);
        assertThat(api.get("/migrations/" + databases.migration()).status()).isEqualTo(404);
        assertThat(delete(api, databases)).isEqualTo(404);
    }

    private static void assertNothingIsLeft(SharedStack stack, Databases databases, Names names) throws Exception {
        ConnectClient connect = new ConnectClient(stack.connectUri().toString());
        for (String connector : List.of(names.capture(), names.load(), names.sink())) {
            assertThat(connect.status(connector)).as(connector).isEmpty();
        }
        assertThat(databases.askSource(
                        "select slot_name from pg_replication_slots where database = current_database()"))
                .isEmpty();
        assertThat(databases.askSource("select pubname from pg_publication")).isEmpty();
        String schemas = "select nspname from pg_namespace where nspname = 'changeover'";
        assertThat(databases.askSource(schemas)).isEmpty();
        assertThat(databases.askTarget("select relname from pg_class c join pg_namespace n on n.oid = relnamespace"
                        + " where nspname = 'changeover'"))
                .isEmpty();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            Set<String> ours = admin.listTopics().names().get().stream()
                    .filter(topic -> topic.startsWith(names.changeTopic()))
                    .collect(Collectors.toSet());
            assertThat(ours).isEmpty();
            assertThat(admin.listGroups().all().get())
                    .noneMatch(group -> group.groupId().equals("connect-" + names.sink()));
        }
    }

    private static Api.Answer ask(Api api, Databases databases, String verb) {
        return api.put(path(databases) + "/" + verb);
    }

    private static int delete(Api api, Databases databases) {
        return api.delete(databases.migration());
    }

    private static String confirm(Databases databases) {
        return "{\"confirm\":\"" + databases.migration() + "/" + databases.name() + "\"}";
    }

    private static String path(Databases databases) {
        return "/migrations/" + databases.migration() + "/databases/" + databases.name();
    }
}
