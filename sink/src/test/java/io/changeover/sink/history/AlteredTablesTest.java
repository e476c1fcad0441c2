package io.changeover.sink.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.sink.failure.DefinitionRefusedException;
import io.changeover.sink.failure.FailedChangeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A table of the source is altered while its changes are applied: the target is never different, it stops or it fits.
 */
@Timeout(300)
class AlteredTablesTest {

    private static final String TABLE = "create table d (id int primary key, a text, b text, n int)";

    private static HistoryServers servers;
    private AlteredSource pair;

    @BeforeAll
    static void start() throws Exception {
        servers = HistoryServers.start(17);
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @BeforeEach
    void create() throws Exception {
        pair = new AlteredSource(servers, TABLE);
        pair.onSource(
                "insert into d values (0, 'a0', 'b0', 0)",
                "insert into d values (1, 'a1', 'b1', 1)",
                "insert into d values (2, 'a2', 'b2', 2)");
        pair.apply();
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            alter table d add c int | "c" (integer) is new | alter table d add c int
            alter table d add c int not null default 7 | "c" (integer) is new | alter table d add c int not null default 7
            alter table d add c text default 'it''s' | default 'it''s'::text | alter table d add c text default 'it''s'
            alter table d add c int[] not null default '{1,2}' | "c" (integer[]) is new | alter table d add c int[] not null default '{1,2}'
            alter table d add c text[] default '{{"a,b",null},{"",x}}' | "c" (text[]) is new | alter table d add c text[] default '{{"a,b",null},{"",x}}'
            alter table d rename a to x | rename column "a" to "x" | alter table d rename a to x
            alter table d rename a to x; alter table d add a text | "a" to "x" | alter table d rename a to x; alter table d add a text
            alter table d rename a to x; alter table d rename b to a; alter table d rename x to b | was renamed on the source | alter table d rename a to x; alter table d rename b to a; alter table d rename x to b
            alter table d drop a; alter table d add a text | Drop it there | alter table d drop a; alter table d add a text
            alter table d alter n type text using concat('n', n) | has become text from integer | alter table d alter n type text using concat('n', n)
            alter table d alter n type numeric(10,2) | alter column "n" type numeric(10,2) | alter table d alter n type numeric(10,2)
            alter table d drop n; alter table d add m int | "m" (integer) is new | alter table d drop n; alter table d add m int
            """)
    void stopsUntilTheSameIsDoneToTheTarget(String statement, String words, String onTarget) throws Exception {
        pair.onSource(statement, "update d set id = 11 where id = 1");
        assertStops(words);
        assertStops(words);
        pair.restartSink();
        assertStops(words);
        assertThat(pair.targetRows("d")).hasSize(3).noneMatch(row -> row.contains("\"id\": 11"));
        assertThat(pair.target("select state || ' ' || operation from changeover.quarantine"))
                .containsExactly("stopped definition");

        pair.onTarget(onTarget);
        pair.restartSink();
        pair.apply();

        assertThat(pair.targetRows("d")).isEqualTo(pair.rows("d"));
        assertThat(pair.target("select state from changeover.quarantine")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            alter table d rename a to x | alter table d add x text | was renamed
            alter table d rename a to x | alter table d drop a; alter table d add x text | not the column that has had its values
            alter table d rename a to x; alter table d rename b to a; alter table d rename x to b | select 1 | was renamed
            alter table d add c int default 7 | alter table d add c int | rows of the target have something else
            alter table d add c int | alter table d add c int default 7 | rows of the target have something else
            alter table d add c int[] default '{1,2}' | alter table d add c int[] default '{12}' | rows of the target have something else
            alter table d add c int[] default '{{1,2}}' | alter table d add c int[] default '{1,2}' | rows of the target have something else
            alter table d add c int default 7 | alter table d add c bigint default 7 | on the target it is bigint
            alter table d add c timestamptz default clock_timestamp() | alter table d add c timestamptz default now() | load it again
            alter table d add c serial | alter table d add c serial | load it again
            alter table d rename a to x | alter table d rename b to x | not
            """)
    void stopsWhereSomethingElseWasDoneToTheTarget(String statement, String onTarget, String words) throws Exception {
        pair.onSource(statement, "update d set id = 11 where id = 1");
        pair.onTarget(onTarget);
        assertStops(words);
    }

    /** What needs nothing, or was done before. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            alter table d add c int | alter table d add c int
            alter table d add c int default 7 | alter table d add c int; update d set c = 7
            alter table d drop n | alter table d drop n
            alter table d alter a type varchar(50) | alter table d alter a type varchar(50)
            alter table d alter a set not null | select 1
            alter table d alter a set default 'x' | select 1
            create index on d (a) | select 1
            alter table d replica identity full | select 1
            """)
    void goesOnWhereTheTargetFits(String statement, String onTarget) throws Exception {
        pair.onSource(statement);
        pair.onTarget(onTarget);
        pair.onSource("update d set b = 'after' where id = 1", "delete from d where id = 2");
        pair.apply();

        assertThat(pair.targetRows("d")).isEqualTo(pair.rows("d"));
    }

    @Test
    void aRestartOfTheCaptureIsNoAlarm() throws Exception {
        pair.restartCapture();
        pair.onSource("update d set a = 'after' where id = 1");
        pair.restartCapture();
        pair.onSource("update d set a = 'later' where id = 2");
        pair.apply();

        assertThat(pair.targetRows("d")).isEqualTo(pair.rows("d"));
    }

    /** The change is noticed although it happened while nobody read the stream. */
    @Test
    void aRenameBetweenTwoRunsOfTheCaptureIsNoticed() throws Exception {
        pair.onSource("alter table d rename a to x; alter table d rename b to a; alter table d rename x to b");
        pair.restartCapture();
        pair.restartSink();
        pair.onSource("update d set id = 11 where id = 1");
        assertStops("was renamed");
    }

    @Test
    void namesThatAreSwappedAndSwappedBackStopTwice() throws Exception {
        String swap = "alter table d rename a to x; alter table d rename b to a; alter table d rename x to b";
        pair.onSource(swap, "update d set id = 11 where id = 1");
        pair.onTarget(swap);
        pair.apply();
        pair.onSource(swap, "update d set id = 12 where id = 2");
        assertStops("was renamed");
        pair.onTarget(swap);
        pair.apply();

        assertThat(pair.targetRows("d")).isEqualTo(pair.rows("d"));
    }

    /** Their columns are the same, so that nothing but the tables themselves tells which is which. */
    @Test
    void tablesThatSwapNamesAreToldApart() throws Exception {
        String swap = "alter table d rename to x; alter table e rename to d; alter table x rename to e";
        try (AlteredSource tables = new AlteredSource(servers, TABLE + "; create table e (like d including all)")) {
            tables.onSource("insert into d values (1, 'd', '', 0)", "insert into e values (1, 'e', '', 0)");
            tables.apply();
            for (int i = 0; i < 2; i++) { // and back
                tables.onSource(swap, "update d set n = n + 1", "update e set n = n + 10");
                assertStops(tables, "CO-2062: Table public.d", "it is the table that was called public.e");
                tables.restartSink();
                tables.restartCapture();
                assertStops(tables, "CO-2062: Table public.d", "Rename it there as on the source");
                tables.onTarget(swap);
                tables.apply();
                assertThat(tables.targetRows("d")).isEqualTo(tables.rows("d"));
                assertThat(tables.targetRows("e")).isEqualTo(tables.rows("e"));
            }
        }
    }

    /** A new table of the name would lack the rows that are there. */
    @Test
    void aTableThatWasRenamedIsNotANewOne() throws Exception {
        pair.onSource("alter table d rename to moved", "update moved set id = 11 where id = 1");
        assertStops(pair, "CO-2060", "public.moved");
        pair.onTarget(TABLE.replace("table d", "table moved"));
        assertStops(pair, "CO-2062: Table public.moved", "it is the table that was called public.d");
        pair.onTarget("drop table moved; alter table d rename to moved");
        pair.apply();

        assertThat(pair.targetRows("moved")).isEqualTo(pair.rows("moved"));
    }

    @Test
    void aTableThatTookTheNameOfADroppedOneIsAnotherOne() throws Exception {
        pair.onSource("drop table d; " + TABLE, "insert into d values (9, 'new', '', 0)");
        assertStops(pair, "CO-2062: Table public.d", "it is another table than before");
        pair.onTarget("drop table d; " + TABLE);
        pair.apply();

        assertThat(pair.targetRows("d")).isEqualTo(pair.rows("d"));
    }

    private static void assertStops(AlteredSource tables, String... words) {
        assertThatThrownBy(() -> {
                    tables.apply();
                    tables.apply();
                })
                .isInstanceOf(FailedChangeException.class)
                .hasMessageContainingAll(words);
    }

    /** The target's column of old values is not taken for a new one of its name. */
    @Test
    void aColumnThatWasDroppedAndComesBackIsNotTheOldOne() throws Exception {
        pair.onSource("alter table d drop a", "update d set id = 11 where id = 1");
        pair.apply();
        assertThat(pair.targetRows("d")).anyMatch(row -> row.contains("\"a\": \"a1\""));
        pair.onSource("alter table d add a text", "update d set id = 12 where id = 2");
        assertStops("Drop it there");
        pair.onTarget("alter table d drop a; alter table d add a text");
        pair.apply();

        assertThat(pair.targetRows("d")).isEqualTo(pair.rows("d"));
    }

    @Test
    void transactionsBeforeTheAlterationAreAppliedAndLaterOnesWait() throws Exception {
        pair.onSource(
                "insert into d values (3, 'before', '', 0)",
                "alter table d add c int",
                "insert into d values (4, 'after', '', 0, 1)",
                "insert into d values (5, 'after', '', 0, 1)");
        assertThatThrownBy(() -> {
                    pair.apply();
                    pair.apply();
                })
                .isInstanceOf(FailedChangeException.class);
        assertThat(pair.target("select id from public.d order by 1")).containsExactly("0", "1", "2", "3");
        pair.onTarget("alter table d add c int");
        pair.apply();

        assertThat(pair.targetRows("d")).isEqualTo(pair.rows("d"));
    }

    private void assertStops(String words) {
        assertThatThrownBy(() -> {
                    pair.apply();
                    pair.apply();
                })
                .hasCauseInstanceOf(DefinitionRefusedException.class)
                .hasMessageContaining("CO-2062: Table public.d was altered on the source")
                .hasMessageContaining(words);
    }
}
