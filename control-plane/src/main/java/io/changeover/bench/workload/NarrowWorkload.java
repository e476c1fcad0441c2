package io.changeover.bench.workload;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** What {@code pgbench -N} does at scale 10: in each transaction an account is updated and a history row inserted. */
public final class NarrowWorkload implements Workload {

    /** Accounts of scale 10. */
    static final int ACCOUNTS = 1_000_000;

    private static final int CLIENTS = 8;
    private static final int CHANGES_PER_TRANSACTION = 2;

    private static final String TABLES = """
            create table public.pgbench_branches (bid int not null, bbalance int, filler char(88));
            create table public.pgbench_tellers (tid int not null, bid int, tbalance int, filler char(84));
            create table public.pgbench_accounts (aid int not null, bid int, abalance int, filler char(84));
            create table public.pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
            insert into public.pgbench_branches select n, 0, null from generate_series(1, 10) n;
            insert into public.pgbench_tellers select n, (n - 1) / 10 + 1, 0, null from generate_series(1, 100) n;
            insert into public.pgbench_accounts
                select n, (n - 1) / 100000 + 1, 0, '' from generate_series(1, 1000000) n;
            alter table public.pgbench_branches add primary key (bid);
            alter table public.pgbench_tellers add primary key (tid);
            alter table public.pgbench_accounts add primary key (aid)""";

    @Override
    public String name() {
        return "narrow";
    }

    @Override
    public List<TableName> tables() {
        return List.of(new TableName("public", "pgbench_accounts"), new TableName("public", "pgbench_history"));
    }

    @Override
    public void create(ServerSettings database) throws SQLException {
        try (Connection connection = Connections.open(database, "changeover-bench");
                Statement statement = connection.createStatement()) {
            statement.execute(TABLES);
        }
    }

    @Override
    public Written write(ServerSettings database, long changes) throws SQLException, IOException, InterruptedException {
        long each = -Math.floorDiv(-changes, (long) CLIENTS * CHANGES_PER_TRANSACTION);
        Optional<Path> pgbench = PgbenchProgram.find();
        String writer = pgbench.isPresent()
                ? PgbenchProgram.run(pgbench.get(), database, CLIENTS, each)
                : PgbenchStatements.run(database, CLIENTS, each);
        long transactions = each * CLIENTS;
        return new Written(transactions * CHANGES_PER_TRANSACTION, transactions, writer);
    }
}
