package io.changeover.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.e2e.StackExtension;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.sink.guard.ConstraintGuard;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Keys that claim to be valid on a target whose rows came in sessions of the replica role. */
@Timeout(60)
@ExtendWith(StackExtension.class)
class ForeignKeyProofsTest {

    private static final String[] TABLES = {
        "create table public.p (id int primary key, a int, b text collate \"C\", unique (a, b))",
        "create table public.simple (id int primary key, a int, b text,"
                + " constraint simple_key foreign key (a, b) references public.p (a, b))",
        "create table public.whole (id int primary key, a int, b text,"
                + " constraint whole_key foreign key (a, b) references public.p (a, b) match full)",
        "create table public.node (id int primary key, up int constraint self references public.node)",
        "create table public.parted (id int, p int constraint parted_key references public.p)"
                + " partition by range (id)",
        "create table public.parted_1 partition of public.parted for values from (0) to (100)"
    };

    private static final String[] ROWS = {
        "insert into public.p values (1, 1, 'x'), (2, 2, null)",
        "insert into public.simple values (1, 1, 'x'), (2, 7, null), (3, null, 'q'), (4, 9, 'lost'), (5, 1, 'y')",
        "insert into public.whole values (1, 1, 'x'), (2, null, null), (3, 1, null), (4, 9, 'lost'), (5, null, 'x')",
        "insert into public.node values (1, 1), (2, 1), (3, null), (4, 77)",
        "insert into public.parted values (1, 1), (2, 88)"
    };

    @Test
    void violationsAreCountedAsEachKeyMeansThem(Databases databases) throws Exception {
        databases.onSource(TABLES);
        databases.onTarget(TABLES);
        asReplica(databases.target(Servers.MIGRATOR), ROWS);

        assertThat(prove(databases))
                .containsExactly(
                        "CO-2053: the foreign key public.node.self is violated by 1 row of the target",
                        "CO-2053: the foreign key public.parted.parted_key is violated by 1 row of the target",
                        "CO-2053: the foreign key public.simple.simple_key is violated by 2 rows of the target",
                        "CO-2053: the foreign key public.whole.whole_key is violated by 3 rows of the target");
        assertThat(databases.askTarget("select count(*) from pg_constraint where contype = 'f' and not convalidated"))
                .containsExactly("0");
    }

    /** Mended rows are noticed at the last look, and what the source enforces is not proved again. */
    @Test
    void aProofLastsIfTheSourceEnforcesTheKey(Databases databases) throws Exception {
        databases.onSource(
                "create table public.p (id int primary key)",
                "create table public.c (id int, p int" + " constraint kept references public.p)");
        databases.onTarget(
                "create table public.p (id int primary key)",
                "create table public.c (id int, p int constraint kept references public.p,"
                        + " constraint extra foreign key (id) references public.p)");
        assertThat(prove(databases)).isEmpty();
        assertThat(databases.askTarget("select name, lasting from changeover.foreign_keys order by 1"))
                .containsExactly("extra|f", "kept|t");

        asReplica(databases.target(Servers.MIGRATOR), "insert into public.c values (5, 6)");

        assertThat(proveFinally(databases))
                .containsExactly("CO-2053: the foreign key public.c.extra is violated by 1 row of the target");
        databases.onTarget("delete from public.c");
        assertThat(proveFinally(databases)).isEmpty();
    }

    @Test
    void whatTheSourceViolatesAsWellStaysSo(Databases databases) throws Exception {
        String[] tables = {
            "create table public.p (id int primary key)",
            "create table public.c (id int primary key, p int constraint broken references public.p)"
        };
        databases.onSource(tables);
        databases.onTarget(tables);
        databases.onSourceAsSuperuser("set session_replication_role = replica; insert into public.c values (1, 9)");
        asReplica(databases.target(Servers.MIGRATOR), "insert into public.c values (1, 9)");

        assertThat(prove(databases)).isEmpty();
        assertThat(databases.askTarget("select violations, source_violations from changeover.foreign_keys"))
                .containsExactly("1|1");
    }

    /** Set aside, the key comes back as the rows of both sides allow: NOT VALID. */
    @Test
    void aBrokenKeyThatIsSetAsideComesBackNotValid(Servers servers) throws Exception {
        Databases databases = servers.createGuarded();
        String[] tables = {
            "create table public.p (id int primary key)",
            "create table public.c (id int primary key, p int constraint broken references public.p)"
        };
        databases.onSource(tables);
        databases.onTarget(tables);
        databases.onSourceAsSuperuser("set session_replication_role = replica; insert into public.c values (1, 9)");
        try (Connection target = Connections.open(databases.target(Servers.MIGRATOR), "test")) {
            ConstraintGuard.raise(target);
            databases.onTarget("insert into public.c values (1, 9)");
            assertThat(prove(databases)).isEmpty();
            target.setAutoCommit(false);
            ConstraintGuard.restore(target);
            target.commit();
            assertThat(ConstraintGuard.validate(target)).isZero();
        }
        assertThat(databases.askTarget("select conname, convalidated from pg_constraint where contype = 'f'"))
                .containsExactly("broken|f");
    }

    /** A copy whose key could not be validated when it was added is proved, and validated, when the rows are right. */
    @Test
    void aCopiedKeyIsValidatedOnceItHolds(Databases databases) throws Exception {
        databases.onSource(
                "create table public.p (id int primary key)",
                "create table public.c (id int, p int" + " constraint kept references public.p)");
        databases.onTarget(
                "create table public.p (id int primary key)",
                "create table public.c (id int, p int)",
                "insert into public.c values (1, 5)",
                "alter table public.c add constraint kept foreign key (p) references public.p not valid");
        assertThat(prove(databases))
                .containsExactly("CO-2053: the foreign key public.c.kept is violated by 1 row of the target");

        databases.onTarget("insert into public.p values (5)");

        assertThat(prove(databases)).isEmpty();
        assertThat(databases.askTarget("select convalidated from pg_constraint where conname = 'kept'"))
                .containsExactly("t");
    }

    private static List<String> prove(Databases databases) throws SQLException {
        return withProofs(databases, ForeignKeyProofs::prove);
    }

    private static List<String> proveFinally(Databases databases) throws SQLException {
        return withProofs(databases, ForeignKeyProofs::proveFinally);
    }

    @FunctionalInterface
    private interface Look {
        List<String> at(ForeignKeyProofs proofs) throws SQLException;
    }

    private static List<String> withProofs(Databases databases, Look look) throws SQLException {
        try (Connection source = Connections.open(databases.source(Servers.MIGRATOR), "test");
                Connection target = Connections.open(databases.target(Servers.MIGRATOR), "test")) {
            ConstraintGuard.raise(target);
            return look.at(new ForeignKeyProofs(source, target, true));
        }
    }

    private static void asReplica(ServerSettings server, String... statements) throws SQLException {
        try (Connection connection = Connections.open(server, "test");
                Statement statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
