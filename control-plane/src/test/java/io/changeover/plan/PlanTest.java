package io.changeover.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.plan.PlannedThing.Kind;
import io.changeover.postgres.TableName;
import io.changeover.sink.guard.Guarding;
import io.changeover.spec.ClusterSpec;
import io.changeover.spec.CutoverMode;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.DdlSpec;
import io.changeover.spec.ExistingIndexMode;
import io.changeover.spec.FallbackSpec;
import io.changeover.spec.LoadMode;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a plan says of versions, modes and places; that it is what happens is {@code PlannedMigrationTest}'s. */
class PlanTest {

    private static final TableName TABLE = new TableName("public", "t");

    private static final MigrationSpec SPEC = new MigrationSpec(
            "shop",
            server("rds"),
            server("azure"),
            List.of(new DatabasePair("a", "b"), new DatabasePair("c", "c")),
            SchemaMode.EXISTING,
            RolesMode.LEAVE,
            ReplicaIdentityMode.KEEP,
            LoadSpec.DEFAULT,
            new CutoverSpec(CutoverMode.MANUAL, Duration.ofMinutes(2)),
            Optional.of(new ClusterSpec("k:9092", "http://c:8083")));

    @Test
    void eventTriggersAreListedWithWhatTheyWriteTo() {
        assertThat(names(Plan.of(SPEC, Map.of()), Kind.EVENT_TRIGGER)).isEmpty();

        Plan plan = Plan.of(SPEC.withDdl(new DdlSpec(true)), Map.of());
        assertThat(names(plan, Kind.EVENT_TRIGGER))
                .contains("changeover_ddl_command_end", "changeover_ddl_sql_drop", "changeover_ddl_table_rewrite");
        assertThat(plan.things())
                .anySatisfy(thing -> assertThat(thing.contains()).containsExactly("ddl", "ddl_listener"));
    }

    @Test
    void eachDatabaseHasItsOwnOfEverythingAndTheReferencesStayReferences() {
        Plan plan = Plan.of(SPEC, Map.of());

        assertThat(names(plan, Kind.SLOT)).containsExactly("changeover_shop_a", "changeover_shop_c");
        assertThat(names(plan, Kind.CONNECTOR))
                .containsExactlyElementsOf(plan.connectors().keySet());
        assertThat(plan.connectors().keySet())
                .containsExactly(
                        "shop.a.capture", "shop.a.load", "shop.a.sink", "shop.c.capture", "shop.c.load", "shop.c.sink");
        assertThat(plan.connectors().get("shop.a.capture")).containsEntry("database.password", "${env:PASSWORD}");
        assertThat(plan.things()).allSatisfy(thing -> {
            assertThat(thing.privilege()).isNotBlank();
            assertThat(thing.removedBy()).isNotBlank();
        });
        assertThat(PlanText.render(plan))
                .contains("On source rds:5432/a", "On target azure:5432/b", "Kafka at k:9092", "http://c:8083");
    }

    @Test
    void anOlderSourceGetsASchemaWithWhatItLacks() {
        assertThat(sourceTables(14)).isEmpty();
        assertThat(sourceTables(13)).containsExactly("marker");
        assertThat(sourceTables(10)).containsExactly("filenode", "marker");
        assertThat(sourceTables(9)).containsExactly("filenode", "published");
        assertThat(names(Plan.of(SPEC, looks(9)), Kind.PUBLICATION)).containsExactly("changeover_shop_c");
        assertThat(Plan.of(SPEC, looks(13)).connectors().get("shop.a.capture"))
                .hasEntrySatisfying(
                        "heartbeat.action.query", query -> assertThat(query).contains("changeover"));
        assertThat(Plan.of(SPEC, looks(14)).connectors().get("shop.a.capture"))
                .doesNotContainKey("heartbeat.action.query");
    }

    @Test
    void aWayBackHasItsOwnOfEverythingWithTheSidesExchanged() {
        Plan without = Plan.of(SPEC, looks(14));
        Plan plan = Plan.of(SPEC.withFallback(new FallbackSpec(true)), looks(14));
        List<PlannedThing> more = new ArrayList<>(plan.things());
        more.removeAll(without.things());

        assertThat(more)
                .filteredOn(thing -> thing.where().equals("target azure:5432/b"))
                .extracting(PlannedThing::kind)
                .containsExactly(Kind.PUBLICATION, Kind.SLOT, Kind.DATABASE_SETTING);
        assertThat(more)
                .filteredOn(thing -> thing.where().equals("source rds:5432/a"))
                .extracting(PlannedThing::kind)
                .containsExactly(Kind.SCHEMA, Kind.SESSION_SETTING, Kind.SET_ASIDE);
        assertThat(more).extracting(PlannedThing::name).contains("changeover__back_shop_a", "changeover.shop.a.back");
        assertThat(plan.connectors().get("shop.a.back-capture"))
                .containsEntry("database.hostname", "azure")
                .containsEntry("database.dbname", "b");
        assertThat(plan.connectors()).containsKey("shop.a.back-sink").doesNotContainKey("shop.a.back-load");
        Plan older = Plan.of(
                SPEC.withFallback(new FallbackSpec(true)),
                Map.of("a", new Look(14, 13, List.of(TABLE), List.of(), Guarding.REPLICA, List.of(), List.of())));
        assertThat(older.things())
                .anySatisfy(thing -> assertThat(thing.contains()).containsExactly("marker"));
        assertThat(older.connectors().get("shop.a.back-capture")).containsKey("heartbeat.action.query");
    }

    @Test
    void aLoadThroughATopicHasAnotherTopicGroupAndConnector() {
        Plan plan = Plan.of(
                SPEC.withLoad(new LoadSpec(LoadMode.TOPIC, Optional.of(3), Optional.empty(), ExistingIndexMode.KEEP)),
                Map.of());

        assertThat(names(plan, Kind.TOPIC)).contains("changeover.shop.a.load");
        assertThat(names(plan, Kind.CONSUMER_GROUP)).contains("connect-shop.a.sink", "connect-shop.a.load-sink");
        assertThat(plan.connectors()).containsKey("shop.a.load-sink");
        assertThat(plan.things())
                .filteredOn(thing -> thing.name().equals("changeover.shop.a.load"))
                .singleElement()
                .satisfies(topic -> assertThat(topic.settings()).containsEntry("partitions", "3"));
    }

    @Test
    void whatIsSetAsideDependsOnTheRight() {
        Look without = new Look(
                14, 17, List.of(TABLE), List.of(), Guarding.DDL, List.of("foreign key f of public.t"), List.of());
        Plan plan = Plan.of(SPEC, Map.of("a", without));

        List<PlannedThing> onTarget = plan.things().stream()
                .filter(thing -> thing.where().equals("target azure:5432/b"))
                .toList();
        assertThat(onTarget).extracting(PlannedThing::kind).containsExactly(Kind.SCHEMA, Kind.SET_ASIDE);
        assertThat(onTarget.get(1).contains()).containsExactly("foreign key f of public.t");
    }

    private static List<String> sourceTables(int major) {
        return Plan.of(SPEC, looks(major)).things().stream()
                .filter(thing -> thing.kind() == Kind.SCHEMA && thing.where().equals("source rds:5432/a"))
                .flatMap(thing -> thing.contains().stream())
                .toList();
    }

    private static Map<String, Look> looks(int major) {
        return Map.of("a", new Look(major, 17, List.of(TABLE), List.of(), Guarding.REPLICA, List.of(), List.of()));
    }

    private static List<String> names(Plan plan, Kind kind) {
        return plan.things().stream()
                .filter(thing -> thing.kind() == kind)
                .map(PlannedThing::name)
                .toList();
    }

    private static ServerSpec server(String host) {
        return new ServerSpec(host, 5432, "changeover", "${env:PASSWORD}", SslMode.VERIFY_FULL, Optional.empty());
    }
}
