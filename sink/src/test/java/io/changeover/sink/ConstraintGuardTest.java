package io.changeover.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.ledger.Ledger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.local.LocalPostgres;
import io.changeover.sink.guard.ConstraintGuard;
import io.changeover.sink.guard.GuardRefusedException;
import io.changeover.sink.guard.Guarding;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConstraintGuardTest {

    private static final LocalPostgres SERVER = TargetDatabase.server();
    private static final String KEYS = "select conname, convalidated from pg_constraint where contype = 'f' order by 1";

    private GuardedDatabase database;

    @BeforeEach
    void create() throws SQLException {
        database = GuardedDatabase.create(SERVER);
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    @Test
    void everythingIsPutBackAsItWas() throws SQLException {
        GuardCase.everythingIsPutBackAsItWas(database);
    }

    @Test
    void inTheReplicaRoleOnlyWhatFiresThereIsSetAside() throws SQLException {
        database.mayBeReplica(true);
        GuardedTables.create(database.connection());
        List<String> before = database.image();

        assertThat(ConstraintGuard.raise(database.connection())).isEqualTo(Guarding.REPLICA);

        assertThat(database.query("select kind, table_name, name from changeover.guard order by 1, 2, 3"))
                .containsExactly(
                        "rule|hen|always",
                        "rule|hen|replica",
                        "trigger|child|always",
                        "trigger|child|replica",
                        "trigger|parted|on_parted",
                        "trigger|parted_1|on_parted");
        assertThat(database.query("select name from changeover.guard where dropped"))
                .isEmpty();
        GuardCase.restore(database.connection());
        assertThat(database.image()).isEqualTo(before);
    }

    /** A reader of the target keeps one table locked: what was done until then is recorded, and done. */
    @Test
    void goesOnWhereItHadToStop() throws SQLException {
        GuardedTables.create(database.connection());
        List<String> before = database.image();
        try (Connection reader = Connections.open(database.settings(), "reader");
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("lock table public.node in access share mode");

            assertThatThrownBy(() -> ConstraintGuard.raise(database.connection()))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
            assertThat(database.query("select count(*) > 3 from changeover.guard where kind = 'foreign key'"))
                    .containsExactly("t");
            assertThat(database.query("select conname from pg_constraint where conname = 'self'"))
                    .containsExactly("self");
        }
        ConstraintGuard.raise(database.connection());
        assertThat(database.query(KEYS)).isEmpty();
        GuardCase.restore(database.connection());
        ConstraintGuard.validate(database.connection());
        assertThat(database.image()).isEqualTo(before);
    }

    /** A cutover that is rolled back after the keys came back unproved: the record remembers that they were valid. */
    @Test
    void aCutoverThatIsRolledBackAndDoneAgainLeavesTheSame() throws SQLException {
        GuardedTables.create(database.connection());
        List<String> before = database.image();
        ConstraintGuard.raise(database.connection());

        GuardCase.restore(database.connection());
        assertThat(database.query(KEYS)).contains("plain|f");
        ConstraintGuard.raise(database.connection());
        assertThat(database.query(KEYS)).isEmpty();
        GuardCase.restore(database.connection());
        ConstraintGuard.validate(database.connection());

        assertThat(database.image()).isEqualTo(before);
    }

    @Test
    void nothingIsBackIfTheCutoversTransactionFails() throws SQLException {
        GuardedTables.create(database.connection());
        ConstraintGuard.raise(database.connection());
        Connection target = database.connection();
        target.setAutoCommit(false);
        ConstraintGuard.restore(target);
        target.rollback();
        target.setAutoCommit(true);

        assertThat(database.query(KEYS)).isEmpty();
        assertThat(ConstraintGuard.keep(target)).isEqualTo(Guarding.DDL);
    }

    /** A sink that comes too late must not disable what applications rely on. */
    @Test
    void anOpenTargetIsNotTouched() throws SQLException {
        GuardedTables.create(database.connection());
        ConstraintGuard.raise(database.connection());
        GuardCase.restore(database.connection());
        List<String> open = database.image();

        assertThatThrownBy(() -> ConstraintGuard.keep(database.connection()))
                .isInstanceOf(GuardRefusedException.class)
                .hasMessageContaining("CO-2051");
        assertThat(database.image()).isEqualTo(open);
    }

    @Test
    void aRightThatIsTakenAwayLeadsToDdlAndOneThatComesBackDoesNot() throws SQLException {
        database.mayBeReplica(true);
        GuardedTables.create(database.connection());
        List<String> before = database.image();
        assertThat(ConstraintGuard.raise(database.connection())).isEqualTo(Guarding.REPLICA);

        database.mayBeReplica(false);
        assertThat(ConstraintGuard.keep(database.connection())).isEqualTo(Guarding.DDL);
        database.mayBeReplica(true);
        // sessions without the role may still be there
        assertThat(ConstraintGuard.raise(database.connection())).isEqualTo(Guarding.DDL);

        assertThat(database.query(KEYS)).isEmpty();
        GuardCase.restore(database.connection());
        ConstraintGuard.validate(database.connection());
        assertThat(database.image()).isEqualTo(before);
    }

    @Test
    void whatIsMadeOrEnabledMeanwhileIsNoticedAndSetAside() throws SQLException {
        GuardedTables.create(database.connection());
        ConstraintGuard.raise(database.connection());
        database.execute(
                "create table public.late (id int primary key, p int constraint late_key references public.parent)",
                "create trigger late before insert on public.late for each row execute function public.note()",
                "alter table public.child enable trigger off");

        assertThat(ConstraintGuard.acting(database.connection()))
                .containsExactlyInAnyOrder(
                        "trigger off of public.child",
                        "trigger late of public.late",
                        "foreign key late_key of public.late");
        ConstraintGuard.raise(database.connection());
        assertThat(ConstraintGuard.acting(database.connection())).isEmpty();

        GuardCase.restore(database.connection());
        assertThat(database.query(KEYS)).contains("late_key|f");
    }

    @Test
    void namesWhatIsNotThereAnyMore() throws SQLException {
        GuardedTables.create(database.connection());
        ConstraintGuard.raise(database.connection());
        assertThat(ConstraintGuard.complaints(database.connection())).isEmpty();
        database.execute("drop trigger ordinary on public.child", "drop table public.node");

        assertThat(ConstraintGuard.complaints(database.connection()))
                .hasSize(2)
                .anySatisfy(text -> assertThat(text).contains("CO-2054", "trigger ordinary of public.child"))
                .anySatisfy(text -> assertThat(text).contains("CO-2054", "foreign key self of public.node"));
    }

    /** Somebody has written to the target. After the cutover the key is there for new rows, and named. */
    @Test
    void namesAKeyThatDoesNotHold() throws SQLException {
        database.execute(
                "create table public.p (id int primary key)",
                "create table public.c (p int constraint to_p references public.p)",
                "insert into public.p values (4711)",
                "insert into public.c values (4711)");
        ConstraintGuard.raise(database.connection());
        database.execute("delete from public.p");
        GuardCase.restore(database.connection());

        assertThatThrownBy(() -> ConstraintGuard.validate(database.connection()))
                .isInstanceOf(GuardRefusedException.class)
                .hasMessageContaining("CO-2055")
                .hasMessageContaining("foreign key to_p of public.c")
                .hasMessageNotContaining("4711");
        assertThat(database.query(KEYS)).containsExactly("to_p|f");
        assertThatThrownBy(() -> database.execute("insert into public.c values (5)"))
                .hasMessageContaining("to_p");

        database.execute("delete from public.c");
        ConstraintGuard.validate(database.connection());
        assertThat(database.query(KEYS)).containsExactly("to_p|t");
        assertThat(database.query("select name from changeover.guard")).isEmpty();
    }

    @Test
    void namesWhatTheRoleCannotSetAside() throws SQLException {
        GuardedTables.create(database.connection());
        database.asAdministrator(
                "create role stranger_" + database.settings().database(),
                "create table public.outside (id int primary key, p int references public.parent on delete cascade)",
                "alter table public.outside owner to stranger_"
                        + database.settings().database());
        List<String> before = database.image();

        assertThatThrownBy(() -> ConstraintGuard.raise(database.connection()))
                .isInstanceOf(GuardRefusedException.class)
                .hasMessageContaining("CO-2050")
                .hasMessageContaining("outside_p_fkey of public.outside, which belongs to stranger_");
        assertThat(database.image()).isEqualTo(before);
    }

    @Test
    void namesAKeyThatTheRoleCouldNotMakeAgain() throws SQLException {
        database.execute(
                "create table public.p (id int primary key)", "create table public.c (id int references public.p)");
        database.asAdministrator(
                "create role stranger_" + database.settings().database(),
                "alter table public.p owner to stranger_" + database.settings().database());

        assertThatThrownBy(() -> ConstraintGuard.raise(database.connection()))
                .isInstanceOf(GuardRefusedException.class)
                .hasMessageContaining("grant references on \"public\".\"p\"");
    }

    @Test
    void namesTheEventTriggersWhenOneRefuses() throws SQLException {
        database.execute("create table public.p (id int primary key, up int references public.p)");
        database.asAdministrator(
                "create function public.refuse() returns event_trigger language plpgsql as"
                        + " 'begin raise exception ''no DDL today''; end'",
                "create event trigger no_ddl on ddl_command_end when tag in ('ALTER TABLE')"
                        + " execute function public.refuse()");

        assertThatThrownBy(() -> ConstraintGuard.raise(database.connection()))
                .isInstanceOf(GuardRefusedException.class)
                .hasMessageContaining("CO-2056")
                .hasMessageContaining("no DDL today")
                .hasMessageContaining("no_ddl");
        database.asAdministrator("alter event trigger no_ddl disable");
        ConstraintGuard.raise(database.connection());
        assertThat(database.query(KEYS)).isEmpty();
    }

    @Test
    void ordinaryEventTriggersAreSilentInTheReplicaRole() throws SQLException {
        database.mayBeReplica(true);
        GuardedTables.create(database.connection());
        Ledger.create(database.connection());
        database.asAdministrator(
                "create function public.refuse() returns event_trigger language plpgsql as"
                        + " 'begin raise exception ''no DDL today''; end'",
                "create event trigger no_ddl on ddl_command_end execute function public.refuse()");

        ConstraintGuard.raise(database.connection());

        assertThat(ConstraintGuard.acting(database.connection())).isEmpty();
        database.asAdministrator("drop event trigger no_ddl");
    }

    /** The control plane may be lost for good: what the record says runs in psql. */
    @Test
    void theRecordCanBePutBackByHand() throws SQLException {
        GuardedTables.create(database.connection());
        List<String> before = database.image();
        ConstraintGuard.raise(database.connection());

        for (String column : List.of("restore", "validate")) {
            for (String sql : database.query("select " + column + " from changeover.guard where " + column
                    + " is not null order by kind desc, schema_name, table_name, name")) {
                database.execute(sql);
            }
        }

        assertThat(database.image()).isEqualTo(before);
    }

    @Test
    void aLedgerOfTheFirstVersionIsTakenOver() throws SQLException {
        database.mayBeReplica(true);
        database.execute(
                "create table public.t (id int primary key)",
                "create function public.f() returns trigger language plpgsql as 'begin return new; end'",
                "create trigger fires before insert on public.t for each row execute function public.f()",
                "alter table public.t disable trigger fires",
                "create schema changeover",
                "create table changeover.version (version integer primary key)",
                "insert into changeover.version values (1)",
                "create table changeover.silenced (schema_name text not null, table_name text not null,"
                        + " kind text not null, name text not null, state text not null,"
                        + " primary key (schema_name, table_name, kind, name))",
                "insert into changeover.silenced values ('public', 't', 'trigger', 'fires', 'A')");

        ConstraintGuard.raise(database.connection());
        GuardCase.restore(database.connection());

        assertThat(database.query("select tgenabled from pg_trigger where tgname = 'fires'"))
                .containsExactly("A");
    }
}
