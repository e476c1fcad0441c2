package io.changeover.bench.workload;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A table of 20 columns of many types: in each transaction five rows are inserted and five older ones updated. */
public final class WideWorkload implements Workload {

    private static final int ROWS = 5;
    /** Rows that are there before, so that the first transactions have something to update. */
    private static final int BEFORE = 1000;

    private static final String TABLE = """
            create table public.wide (id bigint primary key, customer int not null, quantity smallint not null,
            amount numeric(12,2) not null, rate double precision, name text not null, email varchar(120), note text,
            city text, country char(2), created timestamptz not null, updated timestamp, born date, opens time,
            active boolean not null, token uuid, attributes jsonb, tags text[], address inet, payload bytea)""";

    private static final String INSERT = """
            insert into public.wide select n, n % 50000, n % 1000, n * 0.37, n / 7.0, 'Customer number ' || n,
            'customer.' || n || '@example.com', case when n % 3 > 0 then repeat(md5(n::text), 2) end,
            'City of ' || n % 4000, 'DE', timestamptz '2026-01-01 00:00:00Z' + n * interval '1 second', null,
            date '1950-01-01' + (n % 20000)::int, time '08:00' + n % 600 * interval '1 minute', n % 2 = 0,
            md5(n::text)::uuid, jsonb_build_object('level', n % 10, 'source', 'web', 'score', n * 0.5),
            array['tag' || n % 7, 'a "quoted" tag'], ('10.1.' || n % 250 || '.' || n % 200)::inet,
            decode(md5(n::text), 'hex') from generate_series(?::bigint, ?::bigint) n""";

    private static final String UPDATE = """
            update public.wide set quantity = quantity + 1, amount = amount + 1.5, note = 'Changed: ' || coalesce(note,
            ''), updated = current_timestamp at time zone 'UTC', active = not active where id between ? and ?""";

    @Override
    public String name() {
        return "wide";
    }

    @Override
    public List<TableName> tables() {
        return List.of(new TableName("public", "wide"));
    }

    @Override
    public void create(ServerSettings database) throws SQLException {
        try (Connection connection = Connections.open(database, "changeover-bench")) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(TABLE);
            }
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setLong(1, 1);
                insert.setLong(2, BEFORE);
                insert.execute();
            }
        }
    }

    @Override
    public Written write(ServerSettings database, long changes) throws SQLException {
        long transactions = -Math.floorDiv(-changes, 2L * ROWS);
        try (Connection connection = Connections.open(database, "changeover-bench")) {
            connection.setAutoCommit(false);
            try (PreparedStatement both = connection.prepareStatement(INSERT + ";" + UPDATE)) {
                for (long i = 0; i < transactions; i++) {
                    long first = i * ROWS + 1;
                    both.setLong(1, BEFORE + first);
                    both.setLong(2, BEFORE + first + ROWS - 1);
                    both.setLong(3, first);
                    both.setLong(4, first + ROWS - 1);
                    both.execute();
                    connection.commit();
                }
            }
        }
        return new Written(
                transactions * 2 * ROWS, transactions, "JDBC, one client, " + 2 * ROWS + " changes per transaction");
    }
}
