package io.changeover.bench.workload;

import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.SQLException;
import java.util.List;

/** Transactions of one row: each updates an account of pgbench's at scale 10. */
public final class SmallWorkload implements Workload {

    private static final String TRANSACTION = """
            account := 1 + floor(random() * 1000000);
            update public.pgbench_accounts set abalance = abalance + 1 + i % 100 where aid = account""";

    @Override
    public String name() {
        return "small";
    }

    @Override
    public List<TableName> tables() {
        return List.of(new TableName("public", "pgbench_accounts"));
    }

    @Override
    public void create(ServerSettings database) throws SQLException {
        new NarrowWorkload().create(database);
    }

    @Override
    public Written write(ServerSettings database, long changes) throws SQLException {
        String writer = ServerLoop.run(database, TRANSACTION, changes);
        return new Written(changes, changes, writer);
    }
}
