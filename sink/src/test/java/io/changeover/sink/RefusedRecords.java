package io.changeover.sink;

import static io.changeover.sink.RunningRows.UPSERT;
import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.postgres.ServerSettings;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.sink.SinkRecord;

/** Topics of two tables, with a row in the middle of one that the target refuses. */
final class RefusedRecords {

    static final int COUNT = 60;

    /** The offset and the key of the row that is refused. */
    static final int REFUSED = 30;

    private static final int PER_PUT = 40;

    private final RowTopic first = topic("t");
    private final RowTopic second = topic("u");

    RefusedRecords() {
        for (int id = 0; id < COUNT; id++) {
            first.insert(id, "n" + id);
            second.insert(id, "n" + id);
        }
    }

    static void createTables(TargetDatabase target) throws SQLException {
        target.execute("create table public.t (id int primary key, name text check (name <> 'n" + REFUSED + "'))");
        target.execute("create table public.u (id int primary key, name text)");
    }

    private static RowTopic topic(String table) {
        return new RowTopic(table, "id", Schema.INT32_SCHEMA, "name", Schema.OPTIONAL_STRING_SCHEMA);
    }

    /** A task that has both topics. */
    RunningRows open(ServerSettings target, String... more) {
        return new RunningRows(
                target,
                List.of(first.partition(), second.partition()),
                Stream.of(UPSERT, more).flatMap(Stream::of).toArray(String[]::new));
    }

    /** Puts what the target does not have, both topics mixed, in several calls. */
    RunningRows follow(RunningRows sink) {
        Map<String, Long> from = Map.of(
                first.topic(), sink.committed().get(first.partition()),
                second.topic(), sink.committed().get(second.partition()));
        List<SinkRecord> left = new ArrayList<>();
        for (int offset = 0; offset < COUNT; offset++) {
            left.add(first.all().get(offset));
            left.add(second.all().get(offset));
        }
        left.removeIf(record -> record.kafkaOffset() < from.get(record.topic()));
        for (int i = 0; i < left.size(); i += PER_PUT) {
            sink.put(left.subList(i, Math.min(left.size(), i + PER_PUT)));
        }
        return sink;
    }

    Map<?, Long> ends() {
        return Map.of(first.partition(), (long) COUNT, second.partition(), (long) COUNT);
    }

    /** All of a table up to a key, without some. */
    static void assertRows(TargetDatabase target, String table, int end, int... without) throws SQLException {
        String ids = "select count(*) || ' to ' || max(id) from public." + table;
        assertThat(target.query(ids)).containsExactly((end - without.length) + " to " + (end - 1));
        for (int id : without) {
            assertThat(target.query("select * from public." + table + " where id = " + id))
                    .isEmpty();
        }
    }
}
