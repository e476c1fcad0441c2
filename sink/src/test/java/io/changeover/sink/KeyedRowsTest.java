package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.delete;
import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What changes of rows that have a key do to a real server. */
@Timeout(60)
class KeyedRowsTest {

    private TargetDatabase target;
    private final ChangeTopic topic = new ChangeTopic();

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    @Test
    void insertsUpdatesAndDeletesByKey() throws Exception {
        target.execute("create table public.t (id bigint primary key, name text)");
        topic.transaction(10, insert("t", "id", "1", "name", "a"), insert("t", "id", "2", "name", null))
                .transaction(20, update("t", row("id", "1"), "id", "1", "name", ""), delete("t", "id", "2"));

        apply();

        assertThat(target.query("select id, name from public.t")).containsExactly("1|");
        assertThat(target.query("select stream, inserts, updates, deletes, truncates from changeover.counters"))
                .containsExactly("stream|2|1|1|0");
        assertThat(target.query("select topic_offset, commit_lsn, transactions, groups from changeover.streams"))
                .containsExactly(topic.end() + "|0/14|2|1");
    }

    @Test
    void changesAKeyAndKeepsWhatWasNotSent() throws Exception {
        target.execute("create table public.t (a int, b text, big text, primary key (b, a))");
        target.execute("insert into public.t values (1, 'x', repeat('toast', 1000)), (2, 'x', 'other')");
        topic.transaction(10, update("t", row("a", "1", "b", "x"), "a", "7", "b", "y"));

        apply();

        assertThat(target.query("select a, b, length(big) from public.t order by 1"))
                .containsExactly("2|x|5", "7|y|5000");
    }

    @Test
    void shiftsAndSwapsUniqueValuesThatAreDeferrable() throws Exception {
        target.execute("create table public.t (id int primary key, place int unique deferrable)");
        target.execute("insert into public.t values (1, 1), (2, 2)");
        topic.transaction(
                10,
                update("t", row("id", "1"), "id", "1", "place", "2"),
                update("t", row("id", "2"), "id", "2", "place", "1"));

        apply();

        assertThat(target.query("select * from public.t order by id")).containsExactly("1|2", "2|1");
    }

    /** Until the transaction ends, two rows have the same key. */
    @Test
    void shiftsADeferrableKey() throws Exception {
        target.execute("create table public.t (id int primary key deferrable, v text)");
        target.execute("insert into public.t values (1, 'a'), (2, 'b'), (3, 'c')");
        topic.transaction(
                10,
                update("t", row("id", "1", "v", "a"), "id", "2", "v", "a"),
                update("t", row("id", "2", "v", "b"), "id", "3", "v", "b"),
                delete("t", "id", "3", "v", "c"));

        apply();

        assertThat(target.query("select * from public.t order by id")).containsExactly("2|a", "3|b");
    }

    @Test
    void quotesEveryName() throws Exception {
        target.execute("create table public.\"T \"\"?\"\" $1 'x'\" (\"a?\" int primary key, \"per%\\{cent}\" text)");
        String table = "T \"?\" $1 'x'";
        topic.transaction(
                10,
                insert(table, "a?", "1", "per%\\{cent}", "x"),
                update(table, row("a?", "1"), "a?", "2", "per%\\{cent}", "y"));

        apply();

        assertThat(target.query("select * from public.\"T \"\"?\"\" $1 'x'\"")).containsExactly("2|y");
    }

    @Test
    void leavesGeneratedColumnsToTheServerAndWritesIdentityColumns() throws Exception {
        target.execute("create table public.t (id int generated always as identity primary key, a int,"
                + " twice int generated always as (a * 2) stored, other int unique, big text)");
        target.execute("create table public.u (k int primary key, n int generated always as identity, v text)");
        target.execute("create table public.only_id (id int generated always as identity primary key)");
        topic.transaction(10, insert("t", "id", "5", "a", "1", "other", "9", "big", "kept"))
                .transaction(20, update("t", row("id", "5"), "id", "5", "a", "2", "other", "9"))
                .transaction(30, update("t", row("id", "5"), "id", "6", "a", "3", "other", "9"))
                .transaction(
                        40,
                        insert("u", "k", "1", "n", "1", "v", "kept"),
                        update("u", row("k", "1"), "k", "1", "n", "2"))
                .transaction(50, insert("only_id", "id", "1"), update("only_id", row("id", "1"), "id", "1"));

        apply();

        assertThat(target.query("select * from public.t")).containsExactly("6|3|6|9|kept");
        assertThat(target.query("select * from public.u")).containsExactly("1|2|kept");
        assertThat(target.query("select * from public.only_id")).containsExactly("1");
    }

    @Test
    void usesAUniqueIndexWhereThatIsTheReplicaIdentity() throws Exception {
        target.execute("create table public.t (id int primary key, code text not null unique, v int)");
        target.execute("insert into public.t values (1, 'a', 1), (2, 'b', 2)");
        topic.transaction(
                10, update("t", row("code", "b"), "id", "2", "code", "b", "v", "3"), delete("t", "code", "a"));

        apply();

        assertThat(target.query("select * from public.t")).containsExactly("2|b|3");
    }

    /** Under REPLICA IDENTITY FULL the old row comes whole; what it says beside the key does not matter then. */
    @Test
    void findsAWholeOldRowByTheTargetsKey() throws Exception {
        target.execute("create table public.t (j json, a int, x xml, p point, b text, f float8, primary key (b, a))");
        target.execute("insert into public.t values ('{}', 1, '<a/>', '(0,0)', 'x', '-0'),"
                + " ('{}', 2, '<a/>', '(0,0)', 'x', 'NaN'), ('{}', 3, '<a/>', '(0,0)', 'x', '1')");
        topic.transaction(
                10,
                update("t", whole("1", "other"), "j", "[]", "a", "7", "b", "y"),
                update("t", whole("2", "<a/>"), "j", "[]", "a", "2", "b", "x"),
                new ChangeEvent.Delete(ChangeTopic.name("t"), whole("3", "other")));

        apply();

        assertThat(target.query("select a, b, j, x from public.t order by a"))
                .containsExactly("2|x|[]|<a/>", "7|y|[]|<a/>");
    }

    private static Tuple whole(String a, String x) {
        return row("j", "{}", "a", a, "x", x, "p", "(0,0)", "b", "x", "f", "5");
    }

    @Test
    void findsAWholeOldRowByAUniqueIndexThatIsNeverNull() throws Exception {
        target.execute("create table public.t (u int unique, k int not null unique, v text)");
        target.execute("insert into public.t values (null, 1, 'a'), (null, 2, 'a'), (5, 3, 'a')");
        topic.transaction(
                10,
                update("t", row("u", null, "k", "2", "v", "?"), "u", null, "k", "9", "v", "b"),
                delete("t", "u", "5", "k", "3", "v", "?"));

        apply();

        assertThat(target.query("select k, v from public.t order by k")).containsExactly("1|a", "9|b");
    }

    @Test
    void replacesAnIdentityColumnOfAWholeOldRow() throws Exception {
        target.execute("create table public.t (id int generated always as identity primary key, v text, big text)");
        target.execute("insert into public.t overriding system value values (5, 'a', 'kept')");
        topic.transaction(
                10,
                update("t", row("id", "5", "v", "a", "big", "kept"), "id", "6", "v", "b"),
                update("t", row("id", "6", "v", "b", "big", "kept"), "id", "6", "v", "c"));

        apply();

        assertThat(target.query("select * from public.t")).containsExactly("6|c|kept");
    }

    /** PostgreSQL takes no deferrable key as a replica identity: such tables are FULL. */
    @Test
    void swapsAndShiftsADeferrableKey() throws Exception {
        target.execute("create table public.t (id int primary key deferrable, v json)");
        target.execute("insert into public.t values (1, '\"a\"'), (2, '\"b\"'), (3, '\"b\"')");
        topic.transaction(
                        10,
                        update("t", row("id", "1", "v", "\"a\""), "id", "2", "v", "\"a\""),
                        update("t", row("id", "2", "v", "\"b\""), "id", "1", "v", "\"b\""))
                .transaction(
                        20,
                        update("t", row("id", "2", "v", "\"a\""), "id", "3", "v", "\"a\""),
                        update("t", row("id", "3", "v", "\"b\""), "id", "4", "v", "\"c\""));

        apply();

        assertThat(target.query("select id, v from public.t order by id"))
                .containsExactly("1|\"b\"", "3|\"a\"", "4|\"c\"");
    }

    @Test
    void learnsOfAColumnThatWasAddedMeanwhile() throws Exception {
        target.execute("create table public.t (id int primary key)");
        try (RunningSink sink = new RunningSink(target.settings())) {
            sink.put(topic.transaction(10, insert("t", "id", "1")).all());
            target.execute("alter table public.t add column v text");
            long next = topic.end();
            sink.put(topic.transaction(20, insert("t", "id", "2", "v", "new")).from(next));
        }

        assertThat(target.query("select * from public.t order by id")).containsExactly("1|null", "2|new");
    }

    private void apply() {
        try (RunningSink sink = new RunningSink(target.settings())) {
            sink.put(topic.all());
        }
    }
}
