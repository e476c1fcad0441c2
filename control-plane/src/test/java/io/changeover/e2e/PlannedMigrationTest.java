package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.changeover.connect.ConnectClient;
import io.changeover.plan.Plan;
import io.changeover.plan.PlanReader;
import io.changeover.plan.PlannedThing;
import io.changeover.plan.PlannedThing.Kind;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.FallbackSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.Secrets;
import io.changeover.store.MigrationStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A migration makes what its plan lists, and nothing else: both servers, Kafka and Connect, before and in the middle.
 */
@Timeout(240)
@ExtendWith(StackExtension.class)
class PlannedMigrationTest {

    private static final String RELATIONS = """
            select c.relkind, n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p')""";

    /** Of all kinds of objects that are no one's part. */
    private static final String OTHER_OBJECTS = """
            select 'schema', nspname from pg_namespace where nspname !~ '^pg_'
            union all select 'function', proname from pg_proc where pronamespace::regnamespace::text !~ '^(pg_|information)'
            union all select 'event trigger', evtname from pg_event_trigger
            union all select 'subscription', subname from pg_subscription
            union all select 'extension', extname from pg_extension""";

    private static final String IDENTITIES = """
            select n.nspname || '.' || c.relname, c.relreplident from pg_class c
            join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname = 'public'""";

    private static final String DISABLED = """
            select 'trigger ' || t.tgname || ' of ' || n.nspname || '.' || c.relname
            from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
            where t.tgenabled = 'D' and not t.tgisinternal""";

    private static final String SETTINGS = """
            select unnest(setconfig) from pg_db_role_setting
            where setdatabase = (select oid from pg_database where datname = current_database())""";

    @Test
    void whatIsMadeIsWhatWasPlanned(SharedStack stack, Databases databases) throws Exception {
        databases.onSource(
                "create table public.keyed (id int primary key, v int)",
                "create table public.keyless (v int)",
                "create function public.f() returns trigger language plpgsql as 'begin return new; end'",
                "create trigger always before insert on public.keyed for each row execute function public.f()",
                "alter table public.keyed enable always trigger always",
                "insert into public.keyed values (1, 1)");
        MigrationSpec spec =
                stack.spec(databases, SchemaMode.COPY).withReplicaIdentity(ReplicaIdentityMode.FULL_WHERE_MISSING);
        DatabasePair pair = spec.databases().get(0);
        Scan before = Scan.of(stack, databases);
        Plan plan = Plan.of(spec, Map.of(pair.source(), PlanReader.look(spec, pair, new Secrets(Map.of()))));
        assertThat(Scan.of(stack, databases)).as("a plan changes nothing").isEqualTo(before);

        stack.api().begin(spec);
        stack.api().awaitState(databases, "READY_TO_CUTOVER");
        Scan made = Scan.of(stack, databases).without(before);

        assertThat(made.get("slots")).isEqualTo(names(plan, Kind.SLOT, "source"));
        assertThat(made.get("publications")).isEqualTo(names(plan, Kind.PUBLICATION, "source"));
        assertThat(databases.askSource("select schemaname || '.' || tablename from pg_publication_tables"))
                .containsExactlyInAnyOrderElementsOf(
                        thing(plan, Kind.PUBLICATION).contains());
        assertThat(made.get("source relations")).isEmpty();
        assertThat(made.get("source objects")).isEmpty();
        assertThat(made.get("source identities")).containsExactly("public.keyless|f");
        assertThat(names(plan, Kind.REPLICA_IDENTITY, "source")).containsExactly("public.keyless becomes FULL");

        assertThat(made.get("target relations")).isEqualTo(targetRelations(plan));
        assertThat(made.get("target objects")).containsExactly("function|f", "schema|changeover");
        assertThat(made.get("target disabled"))
                .isEqualTo(Set.copyOf(thing(plan, Kind.SET_ASIDE).contains()));
        assertThat(made.get("settings")).isEmpty();

        Set<String> topics = new TreeSet<>(names(plan, Kind.TOPIC, "Kafka"));
        assertThat(topics.removeAll(Set.of(MigrationStore.TOPIC, MigrationStore.VERIFICATION, MigrationStore.AUDIT)))
                .isTrue();
        assertThat(made.get("topics")).isEqualTo(topics);
        assertTopicsAreAsPlanned(stack, plan);
        assertThat(made.get("groups")).isEqualTo(names(plan, Kind.CONSUMER_GROUP, "Kafka"));
        assertThat(made.get("connectors")).isEqualTo(names(plan, Kind.CONNECTOR, "Kafka"));
        ConnectClient connect = new ConnectClient(stack.connectUri().toString());
        plan.connectors().forEach((name, config) -> {
            Map<String, String> named = new HashMap<>(config);
            named.put("name", name);
            assertThat(connect.config(name)).as(name).contains(named);
        });
    }

    @Test
    void whatAWayBackMakesIsWhatWasPlannedAndIsGoneAfterIt(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        databases.onSource("create table public.keyed (id int primary key, v int)");
        MigrationSpec spec = stack.spec(databases, SchemaMode.COPY).withFallback(new FallbackSpec(true));
        DatabasePair pair = spec.databases().get(0);
        Scan before = Scan.of(stack, databases);
        Plan plan = Plan.of(spec, Map.of(pair.source(), PlanReader.look(spec, pair, new Secrets(Map.of()))));
        String name = databases.migration() + "/" + databases.name();

        api.begin(spec);
        api.awaitState(databases, "READY_TO_CUTOVER");
        await("a cutover that may begin").until(() -> api.cutover(databases).status() == 202);
        await("the old source to follow, and the migration to be over")
                .atMost(Duration.ofSeconds(90))
                .until(() -> api.database(databases)
                                .path("fallback")
                                .path("phase")
                                .asText()
                                .equals("FOLLOWING")
                        && api.database(databases).path("cleanedUp").asBoolean());
        Scan made = Scan.of(stack, databases).without(before);

        assertThat(made.get("slots of the target")).isEqualTo(names(plan, Kind.SLOT, "target"));
        assertThat(made.get("publications of the target")).isEqualTo(names(plan, Kind.PUBLICATION, "target"));
        assertThat(made.get("source relations"))
                .isEqualTo(relations(plan, "source"))
                .isNotEmpty();
        assertThat(made.get("source objects")).containsExactly("schema|changeover");
        assertThat(made.get("connectors")).isEqualTo(wayBack(names(plan, Kind.CONNECTOR, "Kafka")));
        assertThat(wayBack(made.get("topics"))).isEqualTo(wayBack(names(plan, Kind.TOPIC, "Kafka")));
        assertThat(wayBack(made.get("groups")))
                .isEqualTo(wayBack(names(plan, Kind.CONSUMER_GROUP, "Kafka")))
                .hasSize(1);

        assertThat(api.post(
                                "/migrations/" + name.replace("/", "/databases/") + "/finish",
                                "{\"confirm\":\"" + name + "\"}")
                        .status())
                .isEqualTo(202);
        await("the end")
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.database(databases).path("finished").asBoolean());
        Map<String, Set<String>> left =
                new TreeMap<>(Scan.of(stack, databases).without(before).found());
        left.values().removeIf(Set::isEmpty);
        assertThat(left).isEqualTo(Map.of("target relations", Set.of("r|public|keyed")));
    }

    private static Set<String> wayBack(Set<String> names) {
        return names.stream().filter(name -> name.contains(".back")).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> relations(Plan plan, String side) {
        return plan.things().stream()
                .filter(thing -> thing.kind() == Kind.SCHEMA && thing.where().startsWith(side))
                .flatMap(thing -> thing.contains().stream())
                .map(table -> "r|changeover|" + table)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> targetRelations(Plan plan) {
        Set<String> relations = new TreeSet<>();
        thing(plan, Kind.DEFINITIONS).contains().forEach(table -> relations.add("r|" + table.replace('.', '|')));
        relations.addAll(relations(plan, "target"));
        return relations;
    }

    private static void assertTopicsAreAsPlanned(SharedStack stack, Plan plan) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            for (PlannedThing topic : plan.things()) {
                if (topic.kind() != Kind.TOPIC) {
                    continue;
                }
                ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
                Config config =
                        admin.describeConfigs(List.of(resource)).all().get().get(resource);
                int partitions = Objects.requireNonNull(admin.describeTopics(List.of(topic.name()))
                                .allTopicNames()
                                .get()
                                .get(topic.name()))
                        .partitions()
                        .size();
                Map<String, String> settings = new TreeMap<>(topic.settings());
                settings.remove("replication.factor");
                assertThat(settings.remove("partitions")).as(topic.name()).isEqualTo(String.valueOf(partitions));
                settings.forEach((key, value) -> assertThat(
                                Objects.requireNonNull(config).get(key).value())
                        .as(topic.name() + " " + key)
                        .isEqualTo(value));
            }
        }
    }

    private static PlannedThing thing(Plan plan, Kind kind) {
        return plan.things().stream()
                .filter(thing -> thing.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> names(Plan plan, Kind kind, String where) {
        return plan.things().stream()
                .filter(thing -> thing.kind() == kind && thing.where().startsWith(where))
                .map(PlannedThing::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** All that could have been made, by kind. */
    private record Scan(Map<String, Set<String>> found) {

        static Scan of(SharedStack stack, Databases databases) throws Exception {
            Map<String, Set<String>> found = new TreeMap<>();
            found.put("slots", set(databases.askSource("select slot_name from pg_replication_slots")));
            found.put("publications", set(databases.askSource("select pubname from pg_publication")));
            found.put(
                    "slots of the target",
                    set(databases.askTarget(
                            "select slot_name from pg_replication_slots where database = current_database()")));
            found.put("publications of the target", set(databases.askTarget("select pubname from pg_publication")));
            found.put("source relations", set(databases.askSource(RELATIONS)));
            found.put("source objects", set(databases.askSource(OTHER_OBJECTS)));
            found.put("source identities", set(databases.askSource(IDENTITIES)));
            found.put("target relations", set(databases.askTarget(RELATIONS)));
            found.put("target objects", set(databases.askTarget(OTHER_OBJECTS)));
            found.put("target disabled", set(databases.askTarget(DISABLED)));
            Set<String> settings = new TreeSet<>(databases.askSource(SETTINGS));
            settings.addAll(databases.askTarget(SETTINGS));
            found.put("settings", settings);
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
                found.put("topics", new TreeSet<>(admin.listTopics().names().get()));
                found.put(
                        "groups",
                        admin.listGroups().all().get().stream()
                                .map(GroupListing::groupId)
                                .collect(Collectors.toCollection(TreeSet::new)));
            }
            found.put("connectors", connectors(stack.connectUri()));
            return new Scan(found);
        }

        private static Set<String> set(List<String> rows) {
            return new TreeSet<>(rows);
        }

        private static Set<String> connectors(URI connect) throws Exception {
            JsonNode answer = new ObjectMapper()
                    .readTree(HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(connect.resolve("/connectors"))
                                            .build(),
                                    BodyHandlers.ofString())
                            .body());
            List<String> names = new ArrayList<>();
            answer.forEach(name -> names.add(name.asText()));
            return set(names);
        }

        Scan without(Scan before) {
            Map<String, Set<String>> more = new TreeMap<>();
            found.forEach((kind, names) -> {
                Set<String> added = new TreeSet<>(names);
                added.removeAll(before.found().getOrDefault(kind, new HashSet<>()));
                more.put(kind, added);
            });
            return new Scan(more);
        }

        Set<String> get(String kind) {
            return found.getOrDefault(kind, Set.of());
        }
    }
}
