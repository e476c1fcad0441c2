package io.changeover.bench.workload;

import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** {@code pgbench -N}, and beside its tables one with a single row, whose counter is for measuring latencies. */
public final class PingWorkload implements Workload {

    /** The table with the row; its columns are {@code id} and {@code number}. */
    public static final TableName PINGS = new TableName("public", "pings");

    private final Workload narrow = new NarrowWorkload();

    @Override
    public String name() {
        return narrow.name();
    }

    @Override
    public List<TableName> tables() {
        return Stream.concat(narrow.tables().stream(), Stream.of(PINGS)).toList();
    }

    @Override
    public void create(ServerSettings database) throws SQLException {
        narrow.create(database);
        ServerLoop.execute(
                database,
                "create table public.pings (id int primary key, number bigint not null);"
                        + " insert into public.pings values (1, 0)");
    }

    @Override
    public Written write(ServerSettings database, long changes) throws SQLException, IOException, InterruptedException {
        return narrow.write(database, changes);
    }
}
