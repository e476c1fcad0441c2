package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.insert;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.ChangeRecord;
import io.changeover.postgres.ServerSettings;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A JVM that applies millions of records, which are made when they are put and never kept. With the heap that it is
 * given, it cannot hold more than a small part of them.
 */
final class MillionsProcess {

    static final int RECORDS = 3_000_000;

    /** As many as a consumer hands out by default. */
    private static final int RECORDS_PER_PUT = 500;

    /** What the topic holds. */
    enum Topic {
        /** One transaction. */
        LARGE {
            @Override
            ChangeEvent at(int offset) {
                if (offset == 0) {
                    return new ChangeEvent.Begin(10, LogSequenceNumber.valueOf(0));
                }
                return offset == RECORDS - 1 ? end(10, RECORDS - 2) : row(offset);
            }
        },
        /** Transactions of one row. */
        BACKLOG {
            @Override
            ChangeEvent at(int offset) {
                return switch (offset % 3) {
                    case 0 -> new ChangeEvent.Begin(offset + 2, LogSequenceNumber.valueOf(Math.max(0, offset - 1)));
                    case 1 -> row(offset);
                    default -> end(offset, 1);
                };
            }
        };

        abstract ChangeEvent at(int offset);

        private static ChangeEvent row(int number) {
            String text = "row " + number;
            return insert("t", "id", String.valueOf(number), "a", text, "b", text.repeat(20), "c", "c");
        }

        private static ChangeEvent end(long number, long count) {
            return new ChangeEvent.End(number, LogSequenceNumber.valueOf(number), 0, count);
        }
    }

    private MillionsProcess() {}

    public static void main(String[] arguments) {
        ServerSettings target = ServerArguments.read(arguments);
        Topic topic = Topic.valueOf(ServerArguments.others(arguments).get(0));
        try (RunningSink sink = new RunningSink(target)) {
            for (int from = 0; from < RECORDS; from += RECORDS_PER_PUT) {
                sink.begin(records(topic, from));
            }
            sink.put(List.of());
            if (sink.committedOffset() != RECORDS) {
                throw new IllegalStateException("Applied up to " + sink.committedOffset());
            }
        }
    }

    private static List<SinkRecord> records(Topic topic, int from) {
        return IntStream.range(from, from + RECORDS_PER_PUT)
                .mapToObj(offset -> new SinkRecord(
                        ChangeTopic.NAME, 0, null, null, null, new ChangeRecord(List.of(topic.at(offset))), offset))
                .toList();
    }
}
