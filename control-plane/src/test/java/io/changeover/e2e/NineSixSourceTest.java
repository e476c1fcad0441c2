package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.demo.DvdRentalBeforeTen;
import io.changeover.demo.WriteLoad;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.SchemaMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** PostgreSQL 9.6 has neither publications nor pgoutput: the stream is test_decoding's. */
@Timeout(240)
@Tag("faults")
@ExtendWith(StackExtension.class)
class NineSixSourceTest {

    private static final int NINE_SIX = 9;

    private static final String[] SHOP = {
        "create table public.item (id serial primary key, name text, price float8, photo bytea, made date)",
        "create table public.sale (id bigserial primary key, item int references public.item, at timestamptz)",
        "create table public.log (line text)",
        "alter table public.log replica identity full",
        "create table public.old (id int primary key, name text) with oids",
        "create materialized view public.sold as select item, count(*) from public.sale group by item",
        "create unique index on public.sold (item)",
        "insert into public.item (name, price, made) select 'item ' || i, i / 3.0, 'infinity' from generate_series(1, 3000) i",
        "insert into public.sale (item, at) select i, now() from generate_series(1, 3000) i",
        "insert into public.log values ('same'), ('same')",
        "insert into public.old values (1, 'one')"
    };

    private static final String[] CHANGES = {
        "insert into public.sale (item, at) values (1, '2026-01-01 00:00+00'), (2, 'infinity')",
        "begin; update public.item set price = 'NaN' where id = 3; rollback",
        "update public.item set price = 'NaN' where id = 3",
        "update public.item set price = 1e-300, name = name || '!' where id < 50",
        "delete from public.sale where id between 100 and 200",
        "delete from public.log where ctid in (select ctid from public.log limit 1)",
        "update public.old set id = 2",
        "insert into public.old values (3, 'three')",
        // these are in the stream, too
        "refresh materialized view public.sold",
        "refresh materialized view concurrently public.sold",
        "create temporary table mine (id int); insert into mine values (1)"
    };

    @Test
    void underAWriteLoad(SharedStack stack) throws Exception {
        try (Servers servers = Servers.start(NINE_SIX)) {
            Databases databases = servers.create();
            AtomicReference<ServerSettings> writeTo = new AtomicReference<>(databases.source(Servers.APPLICATION));
            try (Connection owner = Connections.open(writeTo.get(), "app")) {
                DvdRentalBeforeTen.create(owner, 0.02, 1);
            }
            try (WriteLoad load = WriteLoad.start(writeTo::get, new WriteLoad.Settings(2, 100, 1))) {
                stack.api().begin(stack.spec(databases, SchemaMode.COPY));
                stack.api().awaitState(databases, "READY_TO_CUTOVER");
                long before = load.transactions();
                await("changes in sync").until(() -> load.transactions() > before + 100);
                // the stream begins again in the middle of the writes
                databases.onSourceAsSuperuser("select pg_terminate_backend(active_pid) from pg_replication_slots");
                await("more changes in sync").until(() -> load.transactions() > before + 300);
                cutOver(stack.api(), databases);
                writeTo.set(databases.target(Servers.APPLICATION));
                JsonNode end = stack.api().awaitEnd(databases);
                await("writes to the target")
                        .until(() -> load.acknowledged().size() == 2
                                || load.failure().isPresent());
                load.close();

                assertThat(load.failure()).isEmpty();
                Api.assertEqual(end);
                try (Connection target = Connections.open(databases.target(Servers.APPLICATION), "app")) {
                    assertThat(load.missingOn(target)).isEmpty();
                }
            }
            assertNothingOfOursIsLeft(databases);
        }
    }

    @Test
    void whatIsInTheStreamAndNotOfTheMigrationIsLeftOut(SharedStack stack) throws Exception {
        try (Servers servers = Servers.start(NINE_SIX)) {
            Databases databases = servers.create();
            databases.onSource(SHOP);
            stack.api().begin(stack.spec(databases, SchemaMode.COPY));
            stack.api().awaitState(databases, "READY_TO_CUTOVER");
            String confirmed = databases
                    .askSource("select confirmed_flush_lsn from pg_replication_slots")
                    .get(0);
            databases.onSource(CHANGES);
            await("the slot to move")
                    .until(() -> databases
                            .askSource("select confirmed_flush_lsn > '" + confirmed + "' from pg_replication_slots")
                            .equals(List.of("t")));
            cutOver(stack.api(), databases);

            Api.assertEqual(stack.api().awaitEnd(databases));
            assertThat(databases.askTarget("select count(*), sum(item) from public.sale"))
                    .isEqualTo(databases.askSource("select count(*), sum(item) from public.sale"));
            assertThat(databases.askTarget("select * from public.old order by 1"))
                    .containsExactly("2|one", "3|three");
            assertNothingOfOursIsLeft(databases);
        }
    }

    /** The target would keep the rows, and nothing in the stream tells; nor of a table made later. */
    @Test
    void cutoverIsRefusedAfterATruncateAndWhileThereIsANewTable(SharedStack stack) throws Exception {
        try (Servers servers = Servers.start(NINE_SIX)) {
            Databases databases = servers.create();
            databases.onSource(SHOP);
            stack.api().begin(stack.spec(databases, SchemaMode.COPY));
            stack.api().awaitState(databases, "READY_TO_CUTOVER");
            assertThat(stack.api().database(databases).path("warnings")).isEmpty();
            databases.onSource("create table public.late (id int)", "insert into public.late values (1)");
            assertGivenUp(stack.api(), databases, 1);
            databases.onSource("drop table public.late", "truncate public.log");
            JsonNode warned = await("a warning")
                    .until(() -> stack.api().database(databases).path("warnings"), warnings -> !warnings.isEmpty());
            assertThat(warned.get(0).asText()).contains("public.log").doesNotContain("public.item");
            assertGivenUp(stack.api(), databases, 2);
            databases.onSource("insert into public.log values ('the source is writable')");
        }
    }

    private static void assertGivenUp(Api api, Databases databases, int times) {
        api.awaitState(databases, "READY_TO_CUTOVER");
        cutOverRequested(api, databases);
        await("the cutover to be given up").until(() -> givenUp(states(databases, api)) == times);
        assertThat(states(databases, api)).doesNotContain("COMPLETED");
    }

    private static long givenUp(List<String> states) {
        int last = states.lastIndexOf("CUTTING_OVER");
        return last >= 0 && last < states.size() - 1
                ? states.stream().filter("CUTTING_OVER"::equals).count()
                : 0;
    }

    private static List<String> states(Databases databases, Api api) {
        return api.database(databases).path("timeline").findValuesAsText("state");
    }

    private static void cutOver(Api api, Databases databases) {
        cutOverRequested(api, databases);
        api.awaitState(databases, "COMPLETED");
    }

    private static void cutOverRequested(Api api, Databases databases) {
        Api.Answer answer =
                await("a cutover that may begin").until(() -> api.cutover(databases), given -> given.status() != 409);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
    }

    private static void assertNothingOfOursIsLeft(Databases databases) throws SQLException {
        assertThat(databases.askSource("select nspname from pg_namespace where nspname = 'changeover'"))
                .isEmpty();
        assertThat(databases.askSource("select slot_name from pg_replication_slots"))
                .isEmpty();
        try (Connection application = Databases.plain(databases.source(Servers.APPLICATION));
                Statement statement = application.createStatement()) {
            assertThatThrownBy(() -> statement.execute("create table public.x ()"))
                    .hasMessageContaining("read-only");
        }
    }
}
