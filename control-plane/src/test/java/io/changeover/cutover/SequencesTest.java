package io.changeover.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.cutover.Sequences.State;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.verify.DatabasePair;
import io.changeover.verify.Difference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SequencesTest {

    private static final String ALL_KINDS = """
            create schema "S";
            create sequence public.never_used start with 500 increment by 7;
            create sequence public.down as integer increment by -1 minvalue -2000000000 maxvalue -1 start with -1;
            create sequence public.round as smallint minvalue 1 maxvalue 3 cycle;
            create sequence public.cached cache 20;
            create sequence "S"."we""ird.na'me";
            create sequence public.set_back;
            create sequence public.huge;
            create table public.t (a bigint generated always as identity, b serial)""";

    private DatabasePair pair;

    @BeforeEach
    void createSequences() throws Exception {
        pair = DatabasePair.create();
        pair.onBoth(ALL_KINDS);
        DatabasePair.execute(pair.source(), """
                select nextval('public.down') from generate_series(1, 3);
                select nextval('public.round') from generate_series(1, 4);
                select nextval('public.cached');
                select nextval('"S"."we""ird.na''me"');
                select setval('public.set_back', 7, false);
                select setval('public.huge', 9223372036854775807);
                insert into public.t default values""");
    }

    @Test
    void everyKindGoesOnWhereTheSourceWas() throws Exception {
        SortedMap<TableName, State> wanted = read(pair.source());

        set(pair.target(), wanted);

        assertThat(read(pair.target())).isEqualTo(wanted).hasSize(9);
        assertThat(wanted)
                .containsEntry(new TableName("public", "never_used"), new State(500, false))
                .containsEntry(new TableName("public", "down"), new State(-3, true))
                .containsEntry(new TableName("public", "round"), new State(1, true))
                .containsEntry(new TableName("public", "cached"), new State(20, true))
                .containsEntry(new TableName("S", "we\"ird.na'me"), new State(1, true))
                .containsEntry(new TableName("public", "set_back"), new State(7, false))
                .containsEntry(new TableName("public", "huge"), new State(Long.MAX_VALUE, true))
                .containsEntry(new TableName("public", "t_a_seq"), new State(1, true));
        assertThat(next("public.never_used")).isEqualTo("500");
        assertThat(next("public.down")).isEqualTo("-4");
        assertThat(next("public.round")).isEqualTo("2");
        assertThat(next("public.cached")).isEqualTo("21");
        assertThat(next("public.set_back")).isEqualTo("7");
    }

    @Test
    void whatDiffersIsNamed() throws Exception {
        Map<TableName, State> wanted = read(pair.source());
        set(pair.target(), wanted);
        DatabasePair.execute(
                pair.target(),
                "select nextval('public.never_used'); drop sequence public.huge; create sequence public.x");

        List<Difference> differences = Sequences.compare(wanted, read(pair.target()));

        assertThat(differences)
                .extracting(Difference::toString)
                .containsExactly(
                        "sequence value \"public\".\"huge\": source 9223372036854775807, target has none",
                        "sequence value \"public\".\"never_used\": source 500 (not yet given out), target 500",
                        "sequence value \"public\".\"x\": source has none, target 1 (not yet given out)");
    }

    @Test
    void aMissingSequenceIsAnError() throws Exception {
        Map<TableName, State> wanted = read(pair.source());
        DatabasePair.execute(pair.target(), "drop sequence public.never_used");

        assertThatThrownBy(() -> set(pair.target(), wanted))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("never_used");
    }

    @Test
    void readsAndSetsThousands() throws Exception {
        pair.onBoth(
                "do $$ begin for i in 1 .. 1300 loop execute 'create sequence public.many_' || i; end loop; end $$");
        DatabasePair.execute(pair.source(), "select nextval('public.many_' || i) from generate_series(1, 1300) i");

        Map<TableName, State> wanted = read(pair.source());
        set(pair.target(), wanted);

        assertThat(wanted).hasSize(1309);
        assertThat(Sequences.compare(wanted, read(pair.target()))).isEmpty();
    }

    @Test
    void aDatabaseWithoutSequencesHasNothingToSet() throws Exception {
        DatabasePair empty = DatabasePair.create();

        set(empty.target(), read(empty.source()));

        assertThat(read(empty.target())).isEmpty();
    }

    private String next(String sequence) throws SQLException {
        return DatabasePair.query(pair.target(), "select nextval('" + sequence + "')");
    }

    private static SortedMap<TableName, State> read(ServerSettings server) throws SQLException {
        try (Connection connection = Connections.open(server, "changeover-test")) {
            return Sequences.read(connection);
        }
    }

    private static void set(ServerSettings server, Map<TableName, State> states) throws SQLException {
        try (Connection connection = Connections.open(server, "changeover-test")) {
            Sequences.set(connection, states);
        }
    }
}
