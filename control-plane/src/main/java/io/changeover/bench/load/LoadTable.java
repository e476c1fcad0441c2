package io.changeover.bench.load;

import io.changeover.postgres.TableName;

/**
 * A table to be loaded, with a primary key over {@code id}.
 *
 * @param columns in SQL, without the key
 * @param row in SQL, of the number {@code n}
 * @param rows how many
 */
record LoadTable(TableName name, String columns, String row, long rows) {

    private static final String NARROW = "id bigint, customer int, quantity int, amount int, at timestamptz";

    private static final String NARROW_ROW = "n, (n % 50000)::int, (n % 100)::int, (n % 9973)::int,"
            + " timestamptz '2026-01-01 00:00:00Z' + n * interval '1 second'";

    private static final String WIDE = "id bigint, customer int, quantity smallint, amount numeric(12,2),"
            + " rate double precision, name text, email varchar(120), note text, city text, country char(2),"
            + " created timestamptz, updated timestamp, born date, opens time, active boolean, token uuid,"
            + " attributes jsonb, tags text[], address inet, payload bytea";

    private static final String WIDE_ROW = "n, (n % 50000)::int, (n % 1000)::smallint, n * 0.37, n / 7.0,"
            + " 'Customer number ' || n, 'customer.' || n || '@example.com',"
            + " case when n % 3 > 0 then repeat(md5(n::text), 2) end, 'City of ' || n % 4000, 'DE',"
            + " timestamptz '2026-01-01 00:00:00Z' + n * interval '1 second', null,"
            + " date '1950-01-01' + (n % 20000)::int, time '08:00' + n % 600 * interval '1 minute', n % 2 = 0,"
            + " md5(n::text)::uuid, jsonb_build_object('level', n % 10, 'source', 'web', 'score', n * 0.5),"
            + " array['tag' || n % 7, 'a \"quoted\" tag'], ('10.1.' || n % 250 || '.' || n % 200)::inet,"
            + " decode(md5(n::text), 'hex')";

    /** One of five columns. */
    static LoadTable narrow(String name, long rows) {
        return new LoadTable(new TableName("public", name), NARROW, NARROW_ROW, rows);
    }

    /** One of twenty columns of many types. */
    static LoadTable wide(String name, long rows) {
        return new LoadTable(new TableName("public", name), WIDE, WIDE_ROW, rows);
    }

    /** The same with another number of rows. */
    LoadTable ofRows(long number) {
        return new LoadTable(name, columns, row, number);
    }

    String create() {
        return "create table " + name.quoted() + " (" + columns + ")";
    }

    String fill() {
        return "insert into " + name.quoted() + " select " + row + " from generate_series(1, " + rows + ") n";
    }

    String key() {
        return "alter table " + name.quoted() + " add primary key (id)";
    }
}
