package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.insert;
import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.ChangeRecord;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/** What a task holds while millions of changes go through it. Records are made when they are read and never kept. */
@Tag("faults")
@Timeout(1800)
class MillionsOfChangesTest {

    private static final int CHANGES = 3_000_000;
    private static final int RECORDS_PER_PUT = 100_000;
    private static final long LIMIT = 32 << 20;

    private TargetDatabase target;

    @BeforeEach
    void createDatabase() throws Exception {
        target = TargetDatabase.create();
        target.execute("create table public.t (id int primary key, a text, b text, c text)");
    }

    @AfterEach
    void closeDatabase() throws Exception {
        target.close();
    }

    @Test
    void oneTransactionNeedsNoMoreThanTheBuffer() throws Exception {
        int end = CHANGES + 2;

        long most = run(end, offset -> {
            if (offset == 0) {
                return new ChangeEvent.Begin(10, LogSequenceNumber.valueOf(0));
            }
            return offset == end - 1 ? end(10, CHANGES) : row(offset);
        });

        assertThat(most).isGreaterThan(LIMIT / 2).isLessThan(LIMIT + 1000);
        assertThat(target.query("select count(*), count(distinct a) from public.t"))
                .containsExactly(CHANGES + "|" + CHANGES);
        assertThat(target.query("select transactions, groups, topic_offset from changeover.streams"))
                .containsExactly("1|1|" + end);
    }

    @Test
    void aBacklogNeedsNoMoreThanTheBuffer() throws Exception {
        int end = CHANGES;

        long most = run(end, offset -> switch (offset % 3) {
            case 0 -> new ChangeEvent.Begin(offset + 2, LogSequenceNumber.valueOf(Math.max(0, offset - 1)));
            case 1 -> row(offset);
            default -> end(offset, 1);
        });

        assertThat(most).isGreaterThan(LIMIT / 4).isLessThan(LIMIT + 1000);
        assertThat(target.query("select count(*) from public.t")).containsExactly(String.valueOf(CHANGES / 3));
        assertThat(target.query("select transactions, topic_offset from changeover.streams"))
                .containsExactly(CHANGES / 3 + "|" + end);
    }

    private interface Topic {
        ChangeEvent at(int offset);
    }

    /** Puts a topic's records; how many bytes were held at most, as seen before each record. */
    private long run(int end, Topic topic) {
        List<Long> most = new ArrayList<>(List.of(0L));
        try (RunningSink sink = new RunningSink(target.settings())) {
            for (int from = 0; from < end; from += RECORDS_PER_PUT) {
                int first = from;
                int count = Math.min(RECORDS_PER_PUT, end - from);
                sink.put(new Records(
                        count,
                        i -> {
                            most.set(0, Math.max(most.get(0), sink.heldBytes()));
                            return topic.at(first + i);
                        },
                        first));
            }
            assertThat(sink.committedOffset()).isEqualTo(end);
        }
        return most.get(0);
    }

    private static ChangeEvent row(int number) {
        String text = "row " + number;
        return insert("t", "id", String.valueOf(number), "a", text, "b", text.repeat(20), "c", "c");
    }

    private static ChangeEvent end(long number, long count) {
        return new ChangeEvent.End(number, LogSequenceNumber.valueOf(number), 0, count);
    }

    /** Records of a put, each made when it is asked for. */
    private static final class Records extends AbstractCollection<SinkRecord> {

        private final int size;
        private final Topic topic;
        private final int first;

        Records(int size, Topic topic, int first) {
            this.size = size;
            this.topic = topic;
            this.first = first;
        }

        @Override
        public Iterator<SinkRecord> iterator() {
            return IntStream.range(0, size)
                    .mapToObj(i -> new SinkRecord(
                            ChangeTopic.NAME, 0, null, null, null, new ChangeRecord(List.of(topic.at(i))), first + i))
                    .iterator();
        }

        @Override
        public int size() {
            return size;
        }
    }
}
