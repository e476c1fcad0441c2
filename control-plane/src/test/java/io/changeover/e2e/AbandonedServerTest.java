package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.connect.ConnectClient;
import io.changeover.migration.Names;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.SchemaMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server is gone for ever: what is on the other one, in Kafka and in Connect is removed all the same. */
@Timeout(300)
@ExtendWith(StackExtension.class)
class AbandonedServerTest {

    private static final Duration SOON = Duration.ofSeconds(120);

    private static final String SLOTS =
            "select slot_name from pg_replication_slots where database = current_database()";
    private static final String PUBLICATIONS = "select pubname from pg_publication";
    private static final String FULL = "select count(*) from pg_class where relname = 'no_key' and relreplident = 'f'";
    private static final String LEDGER = "select to_regnamespace('changeover') is not null";
    private static final String TRIGGER = "select tgenabled from pg_trigger where tgname = 'always'";

    @Test
    void migrationsEndWithoutTheirSourceOrWithoutTheirTarget(SharedStack stack) throws Exception {
        Api api = stack.api();
        try (Servers servers = Servers.start(14)) {
            Databases first = begun(stack, servers);
            Databases second = begun(stack, servers);
            Databases third = begun(stack, servers);
            for (Databases each : List.of(first, second, third)) {
                api.awaitState(each, "READY_TO_CUTOVER");
            }
            await("a cutover that may begin")
                    .atMost(SOON)
                    .until(() -> api.cutover(third).status() == 202);
            api.awaitEnd(third);
            assertServerThatAnswersIsNotGone(api, first);

            servers.source().stop();
            assertCancelWaitsForTheSource(api, first);
            List<String> remedies = cancelWithout(api, first, "source");
            assertTargetIsAsItWas(stack, first);
            assertFinishesWithoutSource(stack, third);

            servers.source().start();
            for (String sql : remedies) {
                first.onSourceAsSuperuser(sql);
            }
            assertSourceIsAsItWas(first);
            servers.target().stop();
            cancelWithout(api, second, "target");
            assertThat(second.askSource(SLOTS)).isEmpty();
            assertThat(second.askSource(PUBLICATIONS)).isEmpty();
            assertNothingIsLeftOfIt(stack, second);
        }
    }

    private static Databases begun(SharedStack stack, Servers servers) throws Exception {
        Databases databases = servers.create();
        databases.onSource(
                "create table public.t (id int primary key)",
                "create table public.no_key (v int)",
                "create function public.f() returns trigger language plpgsql as 'begin return new; end'",
                "create trigger always before insert on public.t for each row execute procedure public.f()",
                "alter table public.t enable always trigger always",
                "insert into public.t values (1)");
        StructureCopy.run(databases);
        stack.api()
                .begin(stack.spec(databases, SchemaMode.EXISTING)
                        .withReplicaIdentity(ReplicaIdentityMode.FULL_WHERE_MISSING));
        return databases;
    }

    private static void assertServerThatAnswersIsNotGone(Api api, Databases databases) throws Exception {
        Api.Answer refused = end(api, databases, "cancel", "source");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().path("blockers").get(0).asText()).contains("the source", "answers");
        assertThat(end(api, databases, "cancel", "both").status()).isEqualTo(400);
        assertThat(end(api, databases, "finish", "source").status()).isEqualTo(409);
        assertThat(databases.askSource(SLOTS)).hasSize(1);
        assertThat(api.database(databases).path("state").asText()).isEqualTo("READY_TO_CUTOVER");
    }

    private static void assertCancelWaitsForTheSource(Api api, Databases databases) {
        String confirm = "{\"confirm\":\"" + databases.migration() + "/" + databases.name() + "\"}";
        assertThat(api.post(path(databases) + "/cancel", confirm).status()).isEqualTo(202);
        await("a cancellation that does not come to its end")
                .atMost(SOON)
                .until(() -> api.database(databases).path("reason").asText().startsWith("Trying again to cancel"));
    }

    /** The statements that the operator is told. */
    private static List<String> cancelWithout(Api api, Databases databases, String side) {
        assertThat(end(api, databases, "cancel", side).status()).isEqualTo(202);
        JsonNode cancelled = api.awaitState(databases, "CANCELLED");
        List<String> left = cancelled.path("reason").asText().lines().toList();
        assertThat(left)
                .isNotEmpty()
                .allMatch(line -> line.startsWith("On the source ") || line.startsWith("On the target "));
        List<JsonNode> audit = StreamSupport.stream(
                        api.get("/migrations/" + databases.migration() + "/audit")
                                .body()
                                .spliterator(),
                        false)
                .toList();
        assertThat(audit)
                .anySatisfy(entry -> assertThat(entry.toString())
                        .contains("\"what\":\"without\"", "\"after\":\"" + side + "\"", "\"what\":\"cancel\""));
        assertThat(audit)
                .anySatisfy(entry -> assertThat(entry.toString()).contains("\"what\":\"left\"", "On the " + side));
        return left.stream()
                .map(line -> line.replaceFirst("^On the .*?: .*?: ", ""))
                .toList();
    }

    private static void assertTargetIsAsItWas(SharedStack stack, Databases databases) throws Exception {
        assertThat(databases.askTarget(LEDGER)).containsExactly("f");
        assertThat(databases.askTarget(TRIGGER)).containsExactly("A");
        assertNothingIsLeftOfIt(stack, databases);
        assertThat(stack.api().delete(databases.migration())).isEqualTo(204);
    }

    private static void assertSourceIsAsItWas(Databases databases) throws Exception {
        assertThat(databases.askSource(SLOTS)).isEmpty();
        assertThat(databases.askSource(PUBLICATIONS)).isEmpty();
        assertThat(databases.askSource(FULL)).containsExactly("0");
    }

    private static void assertFinishesWithoutSource(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        assertThat(end(api, databases, "finish", "target").status()).isEqualTo(409);
        assertThat(end(api, databases, "finish", "source").status()).isEqualTo(202);
        await("the end")
                .atMost(SOON)
                .until(() -> api.database(databases).path("finished").asBoolean());
        assertThat(databases.askTarget(LEDGER)).containsExactly("f");
        assertThat(api.database(databases).path("state").asText()).isEqualTo("COMPLETED");
        assertNothingIsLeftOfIt(stack, databases);
    }

    /** In Kafka and in Connect. */
    private static void assertNothingIsLeftOfIt(SharedStack stack, Databases databases) throws Exception {
        Names names = new Names(databases.migration(), databases.name());
        ConnectClient connect = new ConnectClient(stack.connectUri().toString());
        for (String connector : List.of(names.capture(), names.load(), names.sink())) {
            assertThat(connect.status(connector)).as(connector).isEmpty();
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            assertThat(admin.listTopics().names().get()).noneMatch(topic -> topic.startsWith(names.changeTopic()));
        }
    }

    private static Api.Answer end(Api api, Databases databases, String verb, String without) {
        return api.post(
                path(databases) + "/" + verb,
                "{\"confirm\":\"" + databases.migration() + "/" + databases.name() + "\",\"without\":[\"" + without
                        + "\"]}");
    }

    private static String path(Databases databases) {
        return "/migrations/" + databases.migration() + "/databases/" + databases.name();
    }
}
