package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.spec.DdlSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.ServerSpec;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The source is altered while a migration runs: it is noticed, waited for, mended, and both sides are equal. */
@Timeout(240)
@ExtendWith(StackExtension.class)
class AlteredMigrationTest {

    private static final String SWAP =
            "alter table public.swapped rename a to x; alter table public.swapped rename b to a;"
                    + " alter table public.swapped rename x to b";

    private static final String OURS = "select evtname from pg_event_trigger where evtname ~ '^changeover'"
            + " union all select proname from pg_proc where proname = 'record_ddl'";

    private static final String[] TABLES = {
        "create table public.plain (id int primary key, v text)",
        "create table public.swapped (id int primary key, a text, b text)",
        "create table public.parted (id int primary key, v text) partition by range (id)",
        "create table public.part_1 partition of public.parted for values from (0) to (1000)",
        "create table public.part_2 partition of public.parted for values from (1000) to (2000)",
        "insert into public.plain select n, 'row ' || n from generate_series(1, 100) n",
        "insert into public.swapped select n, 'a' || n, 'b' || n from generate_series(1, 100) n",
        "insert into public.parted select n, 'row ' || n from generate_series(0, 1999) n"
    };

    @Test
    void whatIsAlteredStopsTheStreamUntilTheTargetIsAlteredToo(SharedStack stack, Databases databases)
            throws Exception {
        Api api = stack.api();
        String ddl = "/migrations/" + databases.migration() + "/databases/" + databases.name() + "/ddl";
        databases.onSource(TABLES);
        api.begin(recording(stack.spec(databases, SchemaMode.COPY), databases));
        api.awaitState(databases, "READY_TO_CUTOVER");
        assertThat(api.get(ddl).body()).isEmpty();
        assertThat(databases.askSource(OURS)).hasSize(4);
        assertThat(databases.askTarget(OURS)).isEmpty();

        // without a row that changes
        databases.onSource(SWAP);
        await("a warning")
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.database(databases)
                        .path("warnings")
                        .toString()
                        .contains("CO-2063: Table public.swapped was altered on the source"));
        assertThat(api.cutover(databases).body().toString()).contains("CO-2063: Table public.swapped");
        assertThat(api.database(databases).path("warnings").toString())
                .contains("On the source: alter table public.swapped rename a to x");
        assertThat(api.get(ddl)
                        .body()
                        .get(0)
                        .path("recorded")
                        .get(0)
                        .path("role")
                        .asText())
                .isEqualTo(databases.source(Servers.APPLICATION).user());

        databases.onSource(
                "update public.plain set v = 'before' where id = 1",
                "alter table public.plain add note text, add n int not null default 7, add late text;"
                        + " alter table public.plain alter n set default 8",
                "update public.plain set v = 'after', note = 'new' where id = 1",
                "insert into public.plain (id, v) values (101, 'new')",
                "alter table public.parted add tag text default 'old'",
                "insert into public.parted values (1, 'none', 'x') on conflict do nothing",
                "update public.parted set v = 'tagged', tag = 'new' where id in (1, 1001)");
        JsonNode stopped = await("a stream that waits")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> api.database(databases),
                        seen -> seen.path("quarantine").toString().contains("CO-2062"));
        assertThat(stopped.path("state").asText()).isNotEqualTo("FAILED");
        assertThat(databases.askTarget("select v from public.plain where id = 1"))
                .containsExactly("before");
        await("the quarantine tells the statement")
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.database(databases)
                        .path("quarantine")
                        .toString()
                        .contains("On the source: alter table public.plain add note text"));

        databases.onSource(
                "create table public.part_3 partition of public.parted for values from (2000) to (3000)",
                "insert into public.parted values (2500, 'third', 'x')",
                "create table public.fresh (id int primary key, v text, plain int references public.plain)",
                "insert into public.fresh values (1, 'fresh', 1)");
        assertThat(api.get(ddl).body().findValuesAsText("kind")).contains("altered", "new_table", "new_partition");
        JsonNode done = api.post(ddl, "{}").body();
        assertThat(done).hasSizeGreaterThanOrEqualTo(4);
        assertThat(done)
                .allSatisfy(each -> assertThat(each.path("done").asBoolean())
                        .as(each.toString())
                        .isTrue());

        assertThat(api.get("/migrations/" + databases.migration() + "/audit")
                        .body()
                        .toString())
                .contains("\"what\":\"ddl apply\"", "\"ddl public.plain\"", "add column \\\"note\\\" text");

        databases.onTarget(SWAP);
        await("all is loaded and followed")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(api.database(databases).path("cutover").toString())
                                .contains("\"ready\":true"));
        assertThat(databases.askTarget("select convalidated from pg_constraint where conname = 'fresh_plain_fkey'"))
                .containsExactly("t");
        databases.onSource(
                "update public.swapped set a = 'last' where id = 1",
                "insert into public.plain (id, v) values (102, 'new')",
                "insert into public.fresh values (2, 'last')");
        Api.Answer begun = await("a cutover that may begin")
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.cutover(databases), answer -> answer.status() != 409);
        assertThat(begun.status()).as(begun.body().toString()).isEqualTo(202);
        Api.assertEqual(api.awaitEnd(databases));
        assertThat(databases.askSource(OURS)).isEmpty();
        assertThat(databases.askTarget("select v, note, n, late from public.plain where id in (1, 2, 102) order by id"))
                .containsExactly("after|new|7|null", "row 2|null|7|null", "new|null|8|null");
    }

    /** By a role that may make event triggers. */
    private static MigrationSpec recording(MigrationSpec spec, Databases databases) throws Exception {
        String watcher = "watcher_" + databases.name();
        databases.onSourceAsSuperuser("create role " + watcher + " superuser login password '"
                + databases.source(Servers.MIGRATOR).password() + "'");
        ServerSpec source = spec.source();
        return spec.withServers(
                        new ServerSpec(
                                source.host(),
                                source.port(),
                                watcher,
                                source.password(),
                                source.sslMode(),
                                source.sslRootCert()),
                        spec.target())
                .withDdl(new DdlSpec(true));
    }
}
