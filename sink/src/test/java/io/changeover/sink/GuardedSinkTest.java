package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.delete;
import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.truncate;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.sink.guard.ConstraintGuard;
import java.sql.SQLException;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sink without a control plane, of a role that may not set session_replication_role. */
class GuardedSinkTest {

    private final ChangeTopic topic = new ChangeTopic();
    private GuardedDatabase database;

    @BeforeEach
    void create() throws SQLException {
        database = GuardedDatabase.create(TargetDatabase.server());
        database.execute(
                "create table public.fired (name text)",
                "create table public.p (id int primary key, v int)",
                "create table public.c (id int primary key,"
                        + " p int constraint c_p references public.p on delete cascade on update cascade)",
                "create table public.outside (id int primary key,"
                        + " p int constraint outside_p references public.p on delete set null)",
                "create function public.note() returns trigger language plpgsql as"
                        + " 'begin insert into public.fired values (tg_op); return coalesce(new, old); end'",
                "create trigger note before insert or update or delete on public.c"
                        + " for each row execute function public.note()",
                "insert into public.p values (1, 0), (2, 0)",
                "insert into public.c values (10, 1), (11, 1)",
                "insert into public.outside values (20, 1)",
                "truncate public.fired");
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    /** The source's own cascade comes as changes of its own, in any order. */
    @Test
    void cascadesHappenOnceAndTriggersDoNotFire() throws SQLException {
        topic.transaction(
                        10,
                        delete("p", "id", "1"),
                        delete("c", "id", "10"),
                        delete("c", "id", "11"),
                        update("outside", row("id", "20"), "id", "20", "p", null))
                .transaction(20, insert("c", "id", "12", "p", "3"), insert("p", "id", "3", "v", "1"));

        apply();

        assertThat(database.query("select id, p from public.c")).containsExactly("12|3");
        assertThat(database.query("select id, p from public.outside")).containsExactly("20|null");
        assertThat(database.query("select * from public.fired")).isEmpty();

        GuardCase.restore(database.connection());
        ConstraintGuard.validate(database.connection());
        database.execute("update public.p set id = 4 where id = 3");
        assertThat(database.query("select id, p from public.c")).containsExactly("12|4");
        assertThat(database.query("select * from public.fired")).containsExactly("UPDATE");
    }

    @Test
    void aReferencedTableIsTruncated() throws SQLException {
        topic.transaction(10, truncate("p"), truncate("c"), truncate("outside"))
                .transaction(20, insert("p", "id", "7"), insert("c", "id", "8", "p", "7"))
                .transaction(30, truncate("p"), truncate("c"));

        apply();

        assertThat(database.query("select id from public.p")).isEmpty();
        assertThat(database.query("select id from public.c")).isEmpty();
    }

    /** It is not asked again before the connection is lost; then the new session is guarded in the other way. */
    @Test
    void theRightIsTakenAwayWhileItRuns() throws SQLException {
        database.mayBeReplica(true);
        topic.transaction(10, insert("c", "id", "30", "p", "99"));
        try (RunningSink sink = new RunningSink(database.settings())) {
            sink.follow(topic, 10);
            assertThat(database.query("select count(*) from changeover.guard")).containsExactly("0");
            database.mayBeReplica(false);
            database.asAdministrator("select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                    + " where datname = current_database() and application_name like 'changeover sink%'");
            topic.transaction(20, insert("c", "id", "31", "p", "98"));
            sink.follow(topic, 10);
        }

        assertThat(database.query("select id from public.c order by id")).containsExactly("10", "11", "30", "31");
        assertThat(database.query("select * from public.fired")).isEmpty();
        assertThat(database.query("select mode from changeover.guard_state")).containsExactly("ddl");
    }

    @Test
    void stopsIfOnlyTheReplicaRoleIsWanted() {
        topic.transaction(10, insert("p", "id", "5"));

        assertThatThrownBy(() -> new RunningSink(database.settings(), "constraint.guard", "replica"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("grant set on parameter session_replication_role to");
    }

    @Test
    void setsAsideAlsoWithTheRightIfThatIsWanted() throws SQLException {
        database.mayBeReplica(true);
        topic.transaction(10, insert("c", "id", "30", "p", "99"));

        apply("constraint.guard", "ddl");

        assertThat(database.query("select name from changeover.guard order by name"))
                .containsExactly("c_p", "note", "outside_p");
    }

    @Test
    void touchesNothingIfToldSo() throws SQLException {
        topic.transaction(10, insert("c", "id", "30", "p", "1"));

        apply("constraint.guard", "none");

        assertThat(database.query("select * from public.fired")).containsExactly("INSERT");
        assertThat(database.query("select count(*) from changeover.guard")).containsExactly("0");
    }

    @Test
    void doesNotTakeUpAnOpenTargetAgain() throws SQLException {
        topic.transaction(10, insert("p", "id", "5"));
        apply();
        GuardCase.restore(database.connection());

        assertThatThrownBy(() -> new RunningSink(database.settings()))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("CO-2051");
        assertThat(database.query("select tgenabled from pg_trigger where tgname = 'note'"))
                .containsExactly("O");
    }

    @Test
    void aTableWithForcedRowSecurityIsRefusedByName() throws SQLException {
        database.execute(
                "alter table public.p enable row level security", "alter table public.p force row level security");
        topic.transaction(10, update("p", row("id", "1"), "id", "1", "v", "9"));

        assertThatThrownBy(() -> apply())
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("row-level security")
                .hasMessageContaining("\"p\"");

        database.asAdministrator("alter role \"" + database.settings().user() + "\" bypassrls");
        apply();
        assertThat(database.query("select v from public.p where id = 1")).containsExactly("9");
    }

    private void apply(String... configuration) {
        try (RunningSink sink = new RunningSink(database.settings(), configuration)) {
            sink.put(topic.all());
        }
    }
}
