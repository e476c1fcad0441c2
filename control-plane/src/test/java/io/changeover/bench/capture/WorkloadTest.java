package io.changeover.bench.capture;

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

    private static long ask(ServerSettings database, String sql) throws SQLException {
        try (Connection connection = Connections.open(database, "changeover-test");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
