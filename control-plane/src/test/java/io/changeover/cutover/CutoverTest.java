package io.changeover.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.e2e.StackExtension;
import io.changeover.ledger.Ledger;
import io.changeover.migration.Names;
import io.changeover.postgres.Connections;
import io.changeover.spec.TableSelection;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(StackExtension.class)
class CutoverTest {

    /** No capture and no sink: the marker never arrives. */
    @Test
    void pipelineThatDoesNotMoveIsFoundBeforeAnybodyWaits(Databases databases) throws Exception {
        databases.onSource("create table public.t (id int primary key)");
        createLedger(databases);
        try (Connection application = Databases.plain(databases.source(Servers.APPLICATION));
                Statement statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("insert into public.t values (1)");

            assertThatThrownBy(() -> Cutover.perform(
                            new Sides(
                                    databases.source(Servers.MIGRATOR),
                                    databases.target(Servers.MIGRATOR),
                                    new Names("test", "stream"),
                                    TableSelection.ALL),
                            Terms.within(Duration.ofMillis(300))))
                    .isInstanceOf(CutoverGivenUp.class)
                    .hasMessageContaining("did not apply everything");

            application.commit();
        }
        assertThat(databases.askSource("select count(*) from public.t")).containsExactly("1");
    }

    /** What a process that died in a cutover leaves: an open target and a source that is read-only. */
    @Test
    void rollBackSilencesTheTargetAndOpensTheSource(Databases databases) throws Exception {
        databases.onSource("create table public.t (id int primary key)");
        databases.onTarget(
                "create table public.t (id int primary key)",
                "create function public.f() returns trigger language plpgsql as 'begin return new; end'",
                "create trigger fires before insert on public.t for each row execute function public.f()",
                "alter table public.t enable always trigger fires");
        Fence.readOnly(databases.source(Servers.MIGRATOR), true);

        Cutover.rollBack(databases.source(Servers.MIGRATOR), databases.target(Servers.MIGRATOR));
        Cutover.rollBack(databases.source(Servers.MIGRATOR), databases.target(Servers.MIGRATOR));

        databases.onSource("reset default_transaction_read_only; insert into public.t values (1)");
        assertThat(databases.askTarget("select tgenabled from pg_trigger where tgname = 'fires'"))
                .containsExactly("D");
        assertThat(databases.askTarget("select name, restore from changeover.guard"))
                .containsExactly("fires|alter table only \"public\".\"t\" enable always trigger \"fires\"");
    }

    private static void createLedger(Databases databases) throws Exception {
        try (Connection target = Connections.open(databases.target(Servers.MIGRATOR), "changeover-test")) {
            Ledger.create(target);
        }
    }
}
