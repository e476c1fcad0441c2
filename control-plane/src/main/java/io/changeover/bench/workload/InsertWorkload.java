package io.changeover.bench.workload;

import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.SQLException;
import java.util.List;

/** Nothing but new rows, a hundred in each transaction, into a table with a key and a second index. */
public final class InsertWorkload implements Workload {

    private static final int ROWS = 100;

    private static final String TABLE = """
            create table public.events (id bigint primary key, kind int not null, account int not null,
            amount numeric(12,2) not null, note text, created timestamptz not null);
            create index on public.events (account)""";

    private static final String TRANSACTION = """
            insert into public.events select n, n % 20, n * 7919 % 100000, n * 0.37, 'Event number ' || n,
                timestamptz '2026-01-01 00:00:00Z' + n * interval '1 second'
            from generate_series((i - 1) * 100::bigint + 1, i * 100::bigint) n""";

    @Override
    public String name() {
        return "insert";
    }

    @Override
    public List<TableName> tables() {
        return List.of(new TableName("public", "events"));
    }

    @Override
    public void create(ServerSettings database) throws SQLException {
        ServerLoop.execute(database, TABLE);
    }

    @Override
    public Written write(ServerSettings database, long changes) throws SQLException {
        long transactions = -Math.floorDiv(-changes, (long) ROWS);
        String writer = ServerLoop.run(database, TRANSACTION, transactions);
        return new Written(transactions * ROWS, transactions, writer);
    }
}
