package io.changeover.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WorkloadTest {

    @Test
    void statementsOfPgbenchUpdateAndInsertOnceInEachTransaction() throws Exception {
        try (LocalPostgres server = LocalPostgres.builder(17).fsync(false).start()) {
            ServerSettings database = server.settings("postgres");
            new NarrowWorkload().create(database);

            PgbenchStatements.run(database, 3, 40);

            assertThat(ask(database, "select count(*) from public.pgbench_history"))
                    .isEqualTo(120);
            assertThat(ask(database, "select sum(delta) from public.pgbench_history"))
                    .isEqualTo(ask(database, "select sum(abalance) from public.pgbench_accounts"));
        }
    }

    @Test
    void wideTransactionsInsertFiveRowsAndUpdateFive() throws Exception {
        try (LocalPostgres server = LocalPostgres.builder(17).fsync(false).start()) {
            ServerSettings database = server.settings("postgres");
            Workload workload = new WideWorkload();
            workload.create(database);
            long before = ask(database, "select count(*) from public.wide");

            Workload.Written written = workload.write(database, 2_995);

            assertThat(written.changes()).isEqualTo(3_000);
            assertThat(written.transactions()).isEqualTo(300);
            assertThat(ask(database, "select count(*) from public.wide")).isEqualTo(before + 1_500);
            assertThat(ask(database, "select count(*) from public.wide where note like 'Changed: %'"))
                    .isEqualTo(1_500);
            assertThat(ask(
                            database,
                            "select count(*) from pg_attribute where attrelid = 'public.wide'::regclass"
                                    + " and attnum > 0"))
                    .isEqualTo(20);
        }
    }

    @Test
    void transactionsLikeTpcBChangeFourTables() throws Exception {
        try (LocalPostgres server = LocalPostgres.builder(17).fsync(false).start()) {
            ServerSettings database = server.settings("postgres");
            Workload workload = new TpcbWorkload();
            workload.create(database);

            Workload.Written written = workload.write(database, 399);

            long delta = ask(database, "select sum(delta) from public.pgbench_history");
            assertThat(written.changes()).isEqualTo(400);
            assertThat(written.transactions()).isEqualTo(100);
            assertThat(ask(database, "select count(distinct xmin::text) from public.pgbench_history"))
                    .isEqualTo(100);
            assertThat(ask(database, "select sum(abalance) from public.pgbench_accounts"))
                    .isEqualTo(delta);
            assertThat(ask(database, "select sum(tbalance) from public.pgbench_tellers"))
                    .isEqualTo(delta);
            assertThat(ask(database, "select sum(bbalance) from public.pgbench_branches"))
                    .isEqualTo(delta);
        }
    }

    @Test
    void aHundredRowsAreNewInEachTransaction() throws Exception {
        try (LocalPostgres server = LocalPostgres.builder(17).fsync(false).start()) {
            ServerSettings database = server.settings("postgres");
            Workload workload = new InsertWorkload();
            workload.create(database);

            Workload.Written written = workload.write(database, 1_001);

            assertThat(written.changes()).isEqualTo(1_100);
            assertThat(written.transactions()).isEqualTo(11);
            assertThat(ask(database, "select count(*) from public.events")).isEqualTo(1_100);
            assertThat(ask(database, "select count(distinct xmin::text) from public.events"))
                    .isEqualTo(11);
        }
    }

    @Test
    void updatesOfDocumentsLeaveWhatIsOutOfLineAlone() throws Exception {
        try (LocalPostgres server = LocalPostgres.builder(17).fsync(false).start()) {
            ServerSettings database = server.settings("postgres");
            Workload workload = new ToastWorkload();
            workload.create(database);
            String outOfLine =
                    "select pg_relation_size(reltoastrelid) from pg_class where oid = 'public.documents'::regclass";
            long before = ask(database, outOfLine);

            Workload.Written written = workload.write(database, 500);

            assertThat(written.changes()).isEqualTo(500);
            assertThat(written.transactions()).isEqualTo(100);
            assertThat(ask(
                            database,
                            "select count(distinct xmin::text) from public.documents where updated is not null"))
                    .isBetween(90L, 100L);
            assertThat(before).isGreaterThan(100 << 20);
            assertThat(ask(database, outOfLine)).isEqualTo(before);
            assertThat(ask(
                            database,
                            "select count(*) from pg_attribute where attrelid = 'public.documents'::regclass"
                                    + " and attnum > 0"))
                    .isEqualTo(20);
        }
    }

    @Test
    void smallTransactionsUpdateOneRow() throws Exception {
        try (LocalPostgres server = LocalPostgres.builder(17).fsync(false).start()) {
            ServerSettings database = server.settings("postgres");
            Workload workload = new PingWorkload();
            workload.create(database);

            Workload.Written written = new SmallWorkload().write(database, 200);

            assertThat(written).isEqualTo(new Workload.Written(200, 200, "a loop on the server"));
            assertThat(ask(database, "select count(*) from public.pgbench_accounts where abalance <> 0"))
                    .isBetween(190L, 200L);
            assertThat(ask(
                            database,
                            "select count(distinct xmin::text) from public.pgbench_accounts where abalance <> 0"))
                    .isBetween(190L, 200L);
            assertThat(ask(database, "select number from public.pings")).isZero();
        }
    }

    private static long ask(ServerSettings database, String sql) throws SQLException {
        try (Connection connection = Connections.open(database, "changeover-test");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
