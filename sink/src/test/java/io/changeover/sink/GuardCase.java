package io.changeover.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.sink.guard.ConstraintGuard;
import io.changeover.sink.guard.Guarding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What has to hold on every version of PostgreSQL. */
final class GuardCase {

    private static final String ACTING = """
            select tgname from pg_trigger t where tgenabled <> 'D'
               and not exists (select from pg_constraint k where k.oid = t.tgconstraint and k.contype <> 't')
            union all select rulename from pg_rewrite
             where rulename <> '_RETURN' and ev_enabled <> 'D' and ev_class >= 16384
               and not exists (select from pg_class c where c.oid = ev_class and c.relkind = 'v')
            union all select conname from pg_constraint where contype = 'f'""";

    private GuardCase() {}

    /** Sets aside, twice, puts back, and compares the catalog. */
    static void everythingIsPutBackAsItWas(GuardedDatabase database) throws SQLException {
        GuardedTables.create(database.connection());
        List<String> before = database.image();

        assertThat(ConstraintGuard.raise(database.connection())).isEqualTo(Guarding.DDL);
        assertThat(database.query(ACTING)).isEmpty();
        assertThat(ConstraintGuard.raise(database.connection())).isEqualTo(Guarding.DDL);
        restore(database.connection());
        ConstraintGuard.validate(database.connection());

        assertThat(String.join("\n", database.image())).isEqualTo(String.join("\n", before));
        assertThat(database.query("select name from changeover.guard")).isEmpty();
    }

    /** The same in the replica role, in which foreign keys stay. */
    static void replicasArePutBackAsTheyWere(GuardedDatabase database) throws SQLException {
        GuardedTables.create(database.connection());
        List<String> before = database.image();

        assertThat(ConstraintGuard.raise(database.connection())).isEqualTo(Guarding.REPLICA);
        assertThat(ConstraintGuard.acting(database.connection())).isEmpty();
        assertThat(database.query("select distinct kind from changeover.guard order by 1"))
                .containsExactly("rule", "trigger");
        restore(database.connection());

        assertThat(String.join("\n", database.image())).isEqualTo(String.join("\n", before));
    }

    /** As a cutover does, which decides with its own transaction. */
    static void restore(Connection target) throws SQLException {
        target.setAutoCommit(false);
        try {
            ConstraintGuard.restore(target);
            target.commit();
        } finally {
            target.rollback();
            target.setAutoCommit(true);
        }
    }
}
