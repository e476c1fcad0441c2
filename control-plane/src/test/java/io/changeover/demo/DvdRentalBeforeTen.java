package io.changeover.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The sample database without what PostgreSQL 9.6 does not have: identity and generated columns, partitions,
 * procedures, sequences of a type. The write load works on it, but for its TRUNCATE, which a trigger turns into a lost
 * race.
 */
public final class DvdRentalBeforeTen {

    private static final List<String> PARTS = List.of(
            "schema-types",
            "schema-places",
            "schema-films",
            "schema-shops",
            "schema-rentals",
            "schema-journals",
            "schema-views",
            "data-words",
            "data-places",
            "data-films",
            "data-shops",
            "data-rentals",
            "data-awkward",
            "data-finish");

    private static final String NO_TRUNCATE = """
            create function public.no_truncate() returns trigger language plpgsql as $$ begin
                raise exception 'before 11 nothing is truncated during a migration' using errcode = '40001'; end $$;
            create trigger no_truncate before truncate on public.top_film
                for each statement execute procedure public.no_truncate()""";

    private DvdRentalBeforeTen() {}

    /** Creates it in one transaction. */
    public static void create(Connection owner, double scale, long seed) throws SQLException {
        owner.setAutoCommit(false);
        try (Statement statement = owner.createStatement()) {
            statement.execute("set local demo.scale = '" + scale + "'; set local demo.seed = '" + seed + "'");
            for (String part : PARTS) {
                statement.execute(older(resource(part + ".sql")));
            }
            statement.execute(NO_TRUNCATE);
        }
        owner.commit();
        owner.setAutoCommit(true);
    }

    private static String older(String sql) {
        return sql.replaceAll("smallint generated \\w+( default)? as identity", "smallserial")
                .replaceAll("integer generated \\w+( default)? as identity", "serial")
                .replaceAll("bigint generated always as identity \\(cache 20\\)", "bigserial")
                .replaceAll("generated always as \\(.*\\) stored", "")
                .replaceAll("(?s)\\) partition by range \\(payment_date\\);", ");")
                .replaceAll("(?s)-- the oldest partition was.*(?=create index payment_customer)", "")
                .replace("execute function", "execute procedure")
                .replace("_seq as integer increment", "_seq increment")
                .replace("('G', 'PG', 'R', 'NC-17')", "('G', 'PG', 'PG-13', 'R', 'NC-17')")
                .replace("alter type public.mpaa_rating add value 'PG-13' before 'R';", "")
                .replace(
                        "create procedure public.refresh_sales()",
                        "create function public.refresh_sales() returns void")
                .replace("on procedure", "on function")
                .replace(" and not relispartition", "")
                .replace(
                        "hashint8extended(n, current_setting('demo.seed')::bigint * 1000 + salt)",
                        "('x' || md5(n || ' ' || salt || ' ' || current_setting('demo.seed')))::bit(64)::bigint");
    }

    private static String resource(String name) {
        try (InputStream file = DvdRental.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is missing");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
