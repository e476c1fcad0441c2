package io.changeover.bench.workload;

import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.SQLException;
import java.util.List;

/**
 * A table of 20 columns, two of which are stored out of line (TOAST). Each transaction updates five rows and leaves
 * these two alone, so that the WAL does not have them.
 */
public final class ToastWorkload implements Workload {

    private static final int ROWS = 5;

    private static final String TABLE = """
            create table public.documents (id bigint primary key, customer int not null, quantity smallint not null,
            amount numeric(12,2) not null, rate double precision, name text not null, email varchar(120), note text,
            city text, country char(2), created timestamptz not null, updated timestamp, born date, opens time,
            active boolean not null, token uuid, attributes jsonb, tags text[], body text, payload bytea);
            alter table public.documents alter column body set storage external,
                alter column payload set storage external;
            insert into public.documents select n, n % 5000, n % 1000, n * 0.37, n / 7.0, 'Customer number ' || n,
            'customer.' || n || '@example.com', case when n % 3 > 0 then repeat(md5(n::text), 2) end,
            'City of ' || n % 4000, 'DE', timestamptz '2026-01-01 00:00:00Z' + n * interval '1 second', null,
            date '1950-01-01' + (n % 20000)::int, time '08:00' + n % 600 * interval '1 minute', n % 2 = 0,
            md5(n::text)::uuid, jsonb_build_object('level', n % 10, 'source', 'web', 'score', n * 0.5),
            array['tag' || n % 7, 'a "quoted" tag'], repeat(md5(n::text), 150), decode(repeat(md5(n::text), 150), 'hex')
            from generate_series(1, 20000) n""";

    private static final String TRANSACTION = """
            account := floor(random() * 19995);
            update public.documents set quantity = (quantity + 1) % 30000, amount = amount + 1.5,
                note = 'Changed: ' || left(coalesce(note, ''), 60), updated = clock_timestamp() at time zone 'UTC',
                active = not active
            where id between account + 1 and account + 5""";

    @Override
    public String name() {
        return "toast";
    }

    @Override
    public List<TableName> tables() {
        return List.of(new TableName("public", "documents"));
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
