package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.cutover.Cutover;
import io.changeover.cutover.CutoverGivenUp;
import io.changeover.cutover.Sides;
import io.changeover.cutover.Terms;
import io.changeover.demo.DvdRental;
import io.changeover.demo.WriteLoad;
import io.changeover.migration.Names;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.TableSelection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A target whose migrating role may not set session_replication_role, as before PostgreSQL 15 without a superuser: the
 * sample database moves while an application writes to it, no trigger fires on what is applied, and no key is missing.
 */
@Timeout(240)
@ExtendWith(StackExtension.class)
class GuardedMigrationTest {

    private static final WriteLoad.Settings LOAD = new WriteLoad.Settings(2, 100, 1);
    private static final String TRIGGERS = """
            select tgrelid::regclass::text, tgname, tgenabled from pg_trigger t join pg_class c on c.oid = tgrelid
            where not tgisinternal and c.relnamespace = 'public'::regnamespace and tgname <> 'watched' order by 1, 2""";
    private static final String KEYS = """
            select conrelid::regclass::text, conname, convalidated, pg_get_constraintdef(oid),
            obj_description(oid, 'pg_constraint') from pg_constraint where contype = 'f' and conparentid = 0
            order by 1, 2""";

    private final AtomicReference<ServerSettings> writeTo = new AtomicReference<>();

    @Test
    void definitionsAreCopied(SharedStack stack, Servers servers) throws Exception {
        Databases databases = servers.createGuarded();
        try (WriteLoad load = fill(databases)) {
            stack.api().begin(stack.spec(databases, SchemaMode.COPY));
            stack.api().awaitState(databases, "READY_TO_CUTOVER");
            assertThat(databases.askTarget(KEYS)).isEmpty();
            assertThat(databases.askTarget("select mode from changeover.guard_state"))
                    .containsExactly("ddl");
            assertThat(databases.askTarget("select count(*) > 20, sum(violations) from changeover.foreign_keys"))
                    .containsExactly("t|0");
            finish(stack.api(), databases, load);
        }
        assertThat(databases.askTarget(KEYS)).isNotEmpty().isEqualTo(databases.askSource(KEYS));
        assertThat(databases.askTarget(TRIGGERS)).isEqualTo(databases.askSource(TRIGGERS));
    }

    @Test
    void definitionsAreThere(SharedStack stack, Servers servers) throws Exception {
        Databases databases = servers.createGuarded();
        try (WriteLoad load = fill(databases)) {
            StructureCopy.run(databases);
            watchFilms(databases);
            List<String> keys = databases.askTarget(KEYS);
            List<String> triggers = databases.askTarget(TRIGGERS);
            stack.api().begin(stack.spec(databases, SchemaMode.EXISTING));
            stack.api().awaitState(databases, "READY_TO_CUTOVER");
            assertThat(databases.askTarget(KEYS)).isEmpty();
            triggerThatWasMadeJustBeforeTheFreezeIsNoticed(databases);
            finish(stack.api(), databases, load);

            assertThat(databases.askTarget(KEYS)).isEqualTo(keys);
            assertThat(databases.askTarget(TRIGGERS)).isEqualTo(triggers);
            assertThat(databases.askTarget("select count(*) from public.watched where not after"))
                    .containsExactly("0");
            databases.onTarget(
                    "update public.film set title = title where film_id = (select min(film_id) from" + " public.film)");
            assertThat(databases.askTarget("select count(*) > 0 from public.watched"))
                    .containsExactly("t");
        }
    }

    /** After the control plane's last look, and before the fence. */
    private static void triggerThatWasMadeJustBeforeTheFreezeIsNoticed(Databases databases) throws SQLException {
        databases.onTarget(
                "create trigger late before delete on public.film" + " for each row execute function public.watch()");

        assertThatThrownBy(() -> Cutover.perform(
                        new Sides(
                                databases.source(Servers.MIGRATOR),
                                databases.target(Servers.MIGRATOR),
                                new Names(databases.migration(), databases.name()),
                                TableSelection.ALL),
                        Terms.within(Duration.ofSeconds(20))))
                .isInstanceOf(CutoverGivenUp.class)
                .hasMessageContaining("CO-2057")
                .hasMessageContaining("trigger late of public.film");

        assertThat(databases.askTarget("select tgenabled from pg_trigger where tgname = 'late'"))
                .as("set aside for the next cutover")
                .containsExactly("D");
        databases.onTarget("drop trigger late on public.film", "delete from changeover.guard where name = 'late'");
    }

    /** Something that only the target has: it tells whether a trigger ran before the cutover. */
    private static void watchFilms(Databases databases) throws SQLException {
        databases.onTarget(
                "create table public.watched (after boolean)",
                "create function public.watch() returns trigger language plpgsql as $$begin"
                        + " insert into public.watched select released from changeover.guard_state;"
                        + " return coalesce(new, old); end$$",
                "create trigger watched before insert or update or delete on public.film"
                        + " for each row execute function public.watch()",
                "grant select on all tables in schema public to app");
    }

    private WriteLoad fill(Databases databases) throws SQLException {
        ServerSettings source = databases.source(Servers.APPLICATION);
        writeTo.set(source);
        try (Connection owner = Connections.open(source, "app")) {
            DvdRental.create(owner, 0.03, 1);
        }
        return WriteLoad.start(writeTo::get, LOAD);
    }

    private void finish(Api api, Databases databases, WriteLoad load) throws SQLException {
        long before = load.transactions();
        await("changes in sync").until(() -> load.transactions() > before + 100);
        Api.Answer answer = await("a cutover that may begin")
                .atMost(Duration.ofSeconds(30))
                .until(() -> api.cutover(databases), given -> given.status() != 409);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        api.awaitState(databases, "COMPLETED");
        writeTo.set(databases.target(Servers.APPLICATION));
        JsonNode end = api.awaitEnd(databases);
        load.close();
        assertThat(load.failure()).isEmpty();
        assertThat(end.path("comparison").path("tables"))
                .filteredOn(table -> !table.toString().contains("public.watched"))
                .isNotEmpty()
                .allSatisfy(table -> assertThat(table.path("equal").asBoolean())
                        .as(table.toString())
                        .isTrue());
        try (Connection target = Connections.open(databases.target(Servers.APPLICATION), "app")) {
            assertThat(load.missingOn(target)).isEmpty();
        }
    }
}
