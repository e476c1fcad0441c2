package io.changeover.verify;

import io.changeover.postgres.Connections;
import java.sql.Connection;
import java.util.List;

/**
 * Prints how many rows a second are digested on one connection, and compared between two servers. Not a test: run its
 * main class by hand. Both servers are on this machine and the tables are in memory, so that neither network nor disk
 * is in the figures; with {@code -XX:-UseSHA} they are those of a processor without instructions for SHA.
 */
public final class DigestBenchmark {

    private static final int ROWS = 2_000_000;
    private static final int ROUNDS = 4;

    private static final String TABLES = """
            create table public.narrow as select i as id, i %% 100 as a, 0 as b from generate_series(1, %1$d) i;
            create table public.pgbench as
                select i as id, i %% 100 as a, 0 as b, repeat('x', 84) as filler from generate_series(1, %1$d) i""".formatted(ROWS);

    private DigestBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        DatabasePair pair = DatabasePair.create();
        pair.onBoth(TABLES);
        for (String table : List.of("narrow", "pgbench")) {
            for (int round = 0; round < ROUNDS; round++) {
                digest(pair, table);
                compare(pair, table);
            }
        }
        System.exit(0);
    }

    private static void digest(DatabasePair pair, String table) throws Exception {
        try (Connection connection = Connections.open(pair.target(), "changeover-test")) {
            long begin = System.nanoTime();
            long rows = TableDigest.read(connection, "copy (select * from only public." + table + ") to stdout")
                    .rows();
            print("digest " + table, rows, begin);
        }
    }

    private static void compare(DatabasePair pair, String table) throws Exception {
        try (HeldSnapshot source = HeldSnapshot.take(pair.source());
                HeldSnapshot target = HeldSnapshot.take(pair.target())) {
            long begin = System.nanoTime();
            TableComparison result = DatabaseComparison.run(
                            source, target, name -> name.name().equals(table), 1, compared -> {})
                    .get(0);
            print("compare " + table + " " + result.verdict(), result.sourceRows(), begin);
        }
    }

    private static void print(String what, long rows, long begin) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf("%s: %,d rows in %.2f s, %,.0f rows/s%n", what, rows, seconds, rows / seconds);
    }
}
