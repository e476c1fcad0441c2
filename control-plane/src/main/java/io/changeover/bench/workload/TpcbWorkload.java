package io.changeover.bench.workload;

import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.SQLException;
import java.util.List;

/** The transaction of pgbench's default script, TPC-B-like, at scale 10: hot tellers and hotter branches. */
public final class TpcbWorkload implements Workload {

    private static final int CHANGES_PER_TRANSACTION = 4;

    private static final String TRANSACTION = """
            account := 1 + floor(random() * 1000000);
            change := floor(random() * 10001) - 5000;
            update public.pgbench_accounts set abalance = abalance + change where aid = account;
            update public.pgbench_tellers set tbalance = tbalance + change where tid = 1 + i * 37 % 100;
            update public.pgbench_branches set bbalance = bbalance + change where bid = 1 + i * 7 % 10;
            insert into public.pgbench_history (tid, bid, aid, delta, mtime)
                values (1 + i * 37 % 100, 1 + i * 7 % 10, account, change, clock_timestamp())""";

    @Override
    public String name() {
        return "tpcb";
    }

    @Override
    public List<TableName> tables() {
        return List.of(
                new TableName("public", "pgbench_accounts"),
                new TableName("public", "pgbench_tellers"),
                new TableName("public", "pgbench_branches"),
                new TableName("public", "pgbench_history"));
    }

    @Override
    public void create(ServerSettings database) throws SQLException {
        new NarrowWorkload().create(database);
    }

    @Override
    public Written write(ServerSettings database, long changes) throws SQLException {
        long transactions = -Math.floorDiv(-changes, (long) CHANGES_PER_TRANSACTION);
        String writer = ServerLoop.run(database, TRANSACTION, transactions);
        return new Written(transactions * CHANGES_PER_TRANSACTION, transactions, writer);
    }
}
