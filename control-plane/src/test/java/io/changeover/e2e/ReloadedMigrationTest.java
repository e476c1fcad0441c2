package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.spec.SchemaMode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tables are loaded again, and a new one for the first time, while an application writes to all of them. */
@Timeout(240)
@ExtendWith(StackExtension.class)
class ReloadedMigrationTest {

    private static final String[] TABLES = {
        "create table public.parent (id int primary key, v int not null)",
        "create table public.child (id int primary key, parent int not null references public.parent, v text)",
        "create table public.parted (id int primary key, v text) partition by range (id)",
        "create table public.part_1 partition of public.parted for values from (0) to (1000)",
        "create table public.part_2 partition of public.parted for values from (1000) to (2000)",
        "insert into public.parted select n, 'row ' || n from generate_series(0, 1999) n",
        "insert into public.parent select n, 0 from generate_series(1, 2000) n",
        "insert into public.child select n, n, 'row ' || n from generate_series(1, 2000) n"
    };

    /** Its rows agree with each other, also after each transaction. */
    private static final class Application implements AutoCloseable {

        private final Databases databases;
        private final AtomicBoolean stop = new AtomicBoolean();
        private final AtomicInteger turns = new AtomicInteger();
        private final CompletableFuture<Void> writing;

        Application(Databases databases) {
            this.databases = databases;
            writing = CompletableFuture.runAsync(() -> {
                while (!stop.get()) {
                    write(turns.incrementAndGet());
                }
            });
        }

        private void write(int turn) {
            int id = 1 + turn % 2000;
            int added = 10_000 + turn;
            try {
                databases.onSource("insert into public.parent values (" + added + ", 1); insert into public.child"
                        + " values (" + added + ", " + added + ", 'added'); update public.parent set v = v + 1"
                        + " where id = " + id + "; delete from public.child where id = " + (added - 50)
                        + "; delete from public.parent where id = " + (added - 50));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        int turns() {
            return turns.get();
        }

        @Override
        public void close() {
            stop.set(true);
            writing.join();
        }
    }

    @Test
    void tablesAreLoadedAgainAndANewOneIsAddedUnderLoad(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        databases.onSource(TABLES);
        api.begin(stack.spec(databases, SchemaMode.COPY));
        assertThat(reload(api, databases, "public.parent").status()).isEqualTo(409);
        api.awaitState(databases, "READY_TO_CUTOVER");
        try (Application application = new Application(databases)) {
            databases.onTarget("set session_replication_role = replica; delete from public.parent where id % 2 = 0");
            JsonNode stopped = await("a change that finds no row")
                    .atMost(Duration.ofSeconds(60))
                    .until(
                            () -> api.database(databases),
                            seen -> !seen.path("quarantine").isEmpty());
            assertThat(stopped.path("quarantine").toString()).contains("public.parent");

            assertThat(reload(api, databases, "public.parent").status()).isEqualTo(202);
            awaitReady(api, databases);
            assertThat(api.database(databases).path("quarantine")).isEmpty();

            databases.onTarget("set session_replication_role = replica; delete from public.parted where id % 3 = 0");
            assertThat(reload(api, databases, "public.parted").status()).isEqualTo(202);
            assertThat(reload(api, databases, "public.child").status()).isEqualTo(202);
            assertThat(reload(api, databases, "public.parent").status()).isEqualTo(202);
            String added = "create table public.added (id int primary key, v text)";
            databases.onSource(added, "insert into public.added values (1, 'before')");
            databases.onTarget(added);
            assertThat(reload(api, databases, "public.added").status()).isEqualTo(202);
            databases.onSource("insert into public.added values (2, 'after')");
            awaitReady(api, databases);
            int turns = application.turns();
            await("writes after the loads").until(() -> application.turns() > turns + 20);
            databases.onSource("update public.added set v = 'last' where id = 1");
        }
        assertThat(api.get("/migrations/" + databases.migration() + "/databases/" + databases.name() + "/tables")
                        .body()
                        .findValuesAsText("state"))
                .containsExactly("loaded", "loaded", "loaded", "loaded", "loaded");
        Api.Answer begun = await("a cutover that may begin")
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.cutover(databases), answer -> answer.status() != 409);
        assertThat(begun.status()).as(begun.body().toString()).isEqualTo(202);
        Api.assertEqual(api.awaitEnd(databases));
        assertThat(databases.askTarget("select id, v from public.added order by id"))
                .containsExactly("1|last", "2|after");
        assertThat(reload(api, databases, "public.parent").status()).isEqualTo(409);
    }

    private static void awaitReady(Api api, Databases databases) {
        await("everything is loaded and followed")
                .atMost(Duration.ofSeconds(90))
                .until(() -> api.database(databases).path("state").asText().equals("READY_TO_CUTOVER")
                        && api.database(databases).path("cutover").path("ready").asBoolean());
    }

    private static Api.Answer reload(Api api, Databases databases, String table) {
        return api.post(
                "/migrations/" + databases.migration() + "/databases/" + databases.name() + "/tables/" + table
                        + "/reload",
                "");
    }
}
