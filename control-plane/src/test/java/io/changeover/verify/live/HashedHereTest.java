package io.changeover.verify.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.postgres.local.LocalPostgres;
import io.changeover.verify.DatabasePair;
import io.changeover.verify.live.TableVerification.Kind;
import io.changeover.verify.live.TableVerification.Mismatch;
import io.changeover.verify.live.TableVerification.State;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A source before 11 has no function that hashes rows as the target would: they travel and are hashed here. */
@Timeout(120)
class HashedHereTest {

    private static final String TABLES = """
            create table public.numbers (id int primary key, t text, f float8, f4 float4, n numeric, b bytea,
                                         j jsonb, a text[], ts timestamptz);
            insert into public.numbers
              select i, 'text ' || i, 1 / i::float8, 0.1::float4 * i, 1.00 * i, decode('00ff', 'hex'), '{"a": [1.0]}',
                     '{a,NULL,"NULL"}', '2026-01-01 00:00:00.000001Z' from generate_series(1, 60000) i;
            create table public.words (word text primary key, v int);
            insert into public.words select 'Wört ' || i, i from generate_series(1, 2000) i;
            create table public.keyless (v int, f float8);
            insert into public.keyless select i % 7, 0.1::float8 + 0.2::float8 from generate_series(1, 100) i;
            create table public.pairs (a int, b uuid, v text, primary key (a, b));
            insert into public.pairs
              select i % 10, md5(i::text)::uuid, null from generate_series(1, 1000) i;
            """;

    private static final String MUTATIONS = """
            update public.numbers set f = f + 1e-17 where id = 60000;
            update public.numbers set t = null where id = 7;
            delete from public.words where word = 'Wört 1000';
            insert into public.words values ('wört 1000', 1000);
            update public.keyless set f = 0.3 where ctid = (select max(ctid) from public.keyless);
            update public.pairs set v = '' where b = md5('5')::uuid;
            """;

    @Test
    void whatDiffersFromA96IsFoundAndNothingElse() throws Exception {
        try (LocalPostgres server = LocalPostgres.builder(9).fsync(false).start()) {
            DatabasePair.execute(
                    server.settings("postgres"), "create database older encoding 'UTF8' template template0");
            DatabasePair pair = new DatabasePair(
                    server.settings("older"), DatabasePair.create().target());
            pair.onBoth(TABLES);
            try (Sides sides = new Sides(pair.source(), pair.target())) {
                assertThat(Checked.walks(sides))
                        .hasSize(4)
                        .allSatisfy(walk ->
                                assertThat(walk.table().source().hashing()).isEqualTo(Hashing.HERE));
            }

            Map<String, TableVerification> same = verify(pair);
            assertThat(same.values()).extracting(TableVerification::state).containsOnly(State.VERIFIED);
            assertThat(same.get("numbers").rows()).isEqualTo(60_000);
            assertThat(same.get("numbers").parts()).isEqualTo(2);

            DatabasePair.execute(pair.target(), MUTATIONS);

            Map<String, TableVerification> found = verify(pair);
            assertThat(found.values())
                    .as(found.toString())
                    .extracting(TableVerification::state)
                    .containsOnly(State.DIFFERENT);
            assertThat(kinds(found.get("numbers"))).containsExactly(Kind.CONTENTS, Kind.CONTENTS);
            assertThat(kinds(found.get("words"))).containsExactlyInAnyOrder(Kind.MISSING, Kind.TOO_MANY);
            assertThat(kinds(found.get("keyless"))).isEmpty();
            assertThat(kinds(found.get("pairs"))).containsExactly(Kind.CONTENTS);
        }
    }

    private static List<Kind> kinds(TableVerification table) {
        return table.mismatches().stream().map(Mismatch::kind).toList();
    }

    private static Map<String, TableVerification> verify(DatabasePair pair) throws Exception {
        return Checked.verify(pair).stream()
                .collect(Collectors.toMap(table -> table.table().name(), table -> table));
    }
}
