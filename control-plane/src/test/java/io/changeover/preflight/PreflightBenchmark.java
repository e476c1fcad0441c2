package io.changeover.preflight;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import io.changeover.preflight.PreflightRequest.Pair;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.TableSelection;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Prints how long a preflight of many tables takes. Not a test: run its main class by hand. Both servers are on this
 * machine; each table has a key, an index, a foreign key, a default and a trigger.
 */
public final class PreflightBenchmark {

    private static final int TABLES = 5000;
    private static final int BATCH = 100;

    private static final String TABLE = """
            create table public.t%1$d (id bigint primary key, v text default 'x', r bigint references public.t%2$d);
            create index on public.t%1$d (v);
            create trigger f before insert on public.t%1$d for each row execute function public.f()""";

    private PreflightBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        try (LocalPostgres source = server(14);
                LocalPostgres target = server(17)) {
            fill(source.settings("postgres"));
            print("copy, empty target", source, target, SchemaMode.COPY);
            print("copy, empty target", source, target, SchemaMode.COPY);
            fill(target.settings("postgres"));
            print("existing tables", source, target, SchemaMode.EXISTING);
        }
        System.exit(0);
    }

    private static LocalPostgres server(int major) {
        return LocalPostgres.builder(major)
                .fsync(false)
                .setting("wal_level", "logical")
                .start();
    }

    private static void fill(ServerSettings server) throws Exception {
        try (Connection connection = Connections.open(server, "changeover-test");
                Statement statement = connection.createStatement()) {
            statement.execute("create table public.t0 (id bigint primary key)");
            statement.execute("create function public.f() returns trigger language plpgsql as 'begin return new; end'");
            for (int i = 1; i < TABLES; i += BATCH) {
                statement.execute(IntStream.range(i, Math.min(TABLES, i + BATCH))
                        .mapToObj(n -> TABLE.formatted(n, n - 1))
                        .collect(Collectors.joining(";")));
            }
        }
    }

    private static void print(String what, LocalPostgres source, LocalPostgres target, SchemaMode schema) {
        Pair pair = new Pair(
                source.settings("postgres"), target.settings("postgres"), "slot", "publication", TableSelection.ALL);
        long begin = System.nanoTime();
        PreflightReport report = new Preflight(Tools::onPath, Clock.systemUTC())
                .check(new PreflightRequest(List.of(pair), schema, ReplicaIdentityMode.KEEP, false));
        System.out.printf(
                "%s: %d tables in %.1f s%n%s",
                what, TABLES, (System.nanoTime() - begin) / 1e9, FindingsText.render(report.findings()));
    }
}
