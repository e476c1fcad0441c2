package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.changeover.connect.ConnectClient;
import io.changeover.demo.DvdRental;
import io.changeover.demo.WriteLoad;
import io.changeover.postgres.Connections;
import io.changeover.spec.ExistingIndexMode;
import io.changeover.spec.LoadMode;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.SchemaMode;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rows go through a topic, while an application writes, and both halves of the load die on the way. */
@Timeout(240)
@ExtendWith(StackExtension.class)
class TopicLoadMigrationTest {

    private static final LoadSpec THROUGH_A_TOPIC =
            new LoadSpec(LoadMode.TOPIC, Optional.of(2), Optional.of(4_000_000L), ExistingIndexMode.KEEP);

    private static final String LOADERS =
            "from pg_stat_activity where datname = current_database()" + " and application_name = 'changeover-load'";
    private static final String KILL = "select pg_terminate_backend(pid) " + LOADERS;
    private static final String COPYING = "select pid " + LOADERS + " and query like 'copy \"public\".\"large\"%'";

    @Test
    void nothingIsLostWhicheverHalfDies(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        try (Connection owner = Connections.open(databases.source(Servers.APPLICATION), "app")) {
            DvdRental.create(owner, 0.05, 1);
        }
        databases.onSource(
                "create table public.large (id int primary key, v text)",
                "alter table public.large alter v set storage external",
                "insert into public.large select n, repeat('x', 5000) from generate_series(1, 4000) n");
        ConnectClient connect = new ConnectClient(stack.connectUri().toString());
        String reads = databases.migration() + "." + databases.name() + ".load";
        try (WriteLoad load =
                WriteLoad.start(() -> databases.source(Servers.APPLICATION), new WriteLoad.Settings(2, 150, 1))) {
            api.begin(stack.spec(databases, SchemaMode.COPY).withLoad(THROUGH_A_TOPIC));
            JsonNode loading = await("rows on their way")
                    .atMost(Duration.ofSeconds(90))
                    .until(
                            () -> table(api, databases, "public.large"),
                            row -> row.path("rows").asLong() > 200);
            assertThat(loading.path("state").asText()).isEqualTo("loading");
            assertThat(api.post(path(databases) + "/tables/public.large/reload", "")
                            .status())
                    .isEqualTo(409);
            assertThat(databases.askTarget("select state from changeover.loads where table_name = 'large'"))
                    .containsExactly("pending");
            assertThat(databases.askTarget(KILL)).isNotEmpty();
            await("another beginning of the copy")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> !databases.askTarget(COPYING).isEmpty());
            databases.onSourceAsSuperuser(KILL);

            api.awaitState(databases, "READY_TO_CUTOVER");
            long before = load.transactions();
            await("changes in sync").until(() -> load.transactions() > before + 100);
            load.close();
            assertThat(load.failure()).isEmpty();
        }

        assertThat(databases.askTarget("select distinct format from changeover.loads"))
                .containsExactly("text: the rows come through a topic");
        await("a cutover that may begin")
                .atMost(Duration.ofSeconds(20))
                .until(() -> api.cutover(databases).status() == 202);
        Api.assertEqual(api.awaitEnd(databases));
        assertThat(connect.status(reads)).isEmpty();
        assertThat(connect.status(reads + "-sink")).isEmpty();
    }

    private static JsonNode table(Api api, Databases databases, String name) {
        for (JsonNode row : api.get(path(databases) + "/tables").body()) {
            if (row.path("table").asText().equals(name)) {
                return row;
            }
        }
        return MissingNode.getInstance();
    }

    private static String path(Databases databases) {
        return "/migrations/" + databases.migration() + "/databases/" + databases.name();
    }
}
