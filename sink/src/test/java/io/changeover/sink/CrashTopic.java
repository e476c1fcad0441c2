package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.delete;
import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.truncate;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Marker;
import java.sql.SQLException;
import java.util.stream.IntStream;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A topic with every kind of change, whose outcome is known; every change that is applied twice or never shows in it.
 */
final class CrashTopic {

    /** A row of the large transaction, in its middle. */
    static final int INSIDE = 1150;

    /** A system property: what a change does that cannot be applied. */
    static final String FAILURE_MODE = "test.change.failure.mode";

    private static final int FIRST = 1000;
    private static final int LARGE = 300;

    private CrashTopic() {}

    static void createTables(TargetDatabase target) throws SQLException {
        target.execute("create table public.t (id int primary key, v text)");
        target.execute("create table public.keyless (a int, v text)");
        target.execute("create table public.emptied (id int primary key)");
    }

    /** What lies before the large transaction. */
    static ChangeTopic beginning() {
        return new ChangeTopic()
                .transaction(10, inserts(1, 5))
                .transaction(20, insert("keyless", "a", "1", "v", "x"), insert("keyless", "a", "1", "v", "x"))
                .transaction(30, update("t", row("id", "1"), "id", "11", "v", "moved"), delete("t", "id", "2"))
                .transaction(40, insert("emptied", "id", "1"), insert("emptied", "id", "2"))
                .transaction(50, truncate("emptied"), insert("emptied", "id", "1"));
    }

    static ChangeTopic records() {
        ChangeTopic topic = beginning()
                .begin(60, inserts(FIRST, LARGE))
                .add(new ChangeEvent.Message(Marker.PREFIX, new Marker("m").content()))
                .add(new ChangeEvent.End(60, LogSequenceNumber.valueOf(60), 0, 0));
        return topic.transaction(70, delete("keyless", "a", "1", "v", "x"))
                .transaction(80, update("t", row("id", "1000"), "id", "1000", "v", "last"));
    }

    /** Applies the topic to the end, in small groups and the large transaction in pieces. */
    static void follow(RunningSink sink) {
        sink.follow(records(), 7);
    }

    static String[] settings() {
        return new String[] {
            "batch.size",
            "5",
            "transaction.buffer.changes",
            "50",
            "retry.backoff.ms",
            "5",
            "change.failure.mode",
            System.getProperty(FAILURE_MODE, "stop")
        };
    }

    static void assertApplied(TargetDatabase target) throws SQLException {
        assertThat(target.query("select count(*), count(*) filter (where v = 'x'), min(id), max(id),"
                        + " string_agg(id::text, ',' order by id) filter (where v <> 'x') from public.t"))
                .containsExactly("304|302|3|1299|11,1000");
        assertThat(target.query("select a, v from public.keyless")).containsExactly("1|x");
        assertThat(target.query("select id from public.emptied")).containsExactly("1");
        assertThat(target.query("select table_name, inserts, updates, deletes, truncates from changeover.counters"
                        + " order by 1"))
                .containsExactly("emptied|3|0|0|1", "keyless|2|0|1|0", "t|305|2|1|0");
        assertThat(target.query("select marker, commit_lsn from changeover.markers"))
                .containsExactly("m|0/3C");
        assertThat(target.query("select transactions, commit_lsn, topic_offset from changeover.streams"))
                .containsExactly("8|0/50|" + records().end());
    }

    private static ChangeEvent[] inserts(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(i -> insert("t", "id", String.valueOf(i), "v", "x"))
                .toArray(ChangeEvent[]::new);
    }
}
