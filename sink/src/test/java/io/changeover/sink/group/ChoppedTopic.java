package io.changeover.sink.group;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A change topic as captures write it that crash at random: each crash cuts the stream off and sends a suffix of what
 * was sent again, and what one capture sends is chopped into records at random. The last record is that of a
 * transaction. A change says of which transaction it is and which one it is there, in columns {@code t} and {@code n}.
 */
public final class ChoppedTopic {

    /** The table of all changes. */
    public static final TableName TABLE = new TableName("public", "t");

    private final List<List<ChangeEvent>> records = new ArrayList<>();
    private long beginning;

    /** Changes of each transaction; the first one is transaction 1, with commit LSN 10. */
    private final List<Integer> sizes;

    private ChoppedTopic(List<Integer> sizes) {
        this.sizes = List.copyOf(sizes);
    }

    /**
     * A topic.
     *
     * @param transactions how many; at least 1
     * @param maxChanges of one
     */
    public static ChoppedTopic of(Random random, int transactions, int maxChanges) {
        ChoppedTopic topic = new ChoppedTopic(
                random.ints(transactions, 0, maxChanges + 1).boxed().toList());
        for (int i = 0; i <= random.nextInt(3); i++) {
            topic.records.add(List.of(new ChangeEvent.Started(LogSequenceNumber.valueOf(1 + i))));
        }
        topic.beginning = topic.records.size();
        int captures = random.nextInt(4);
        int sent = 0;
        for (int i = 0; i < captures; i++) {
            int from = random.nextInt(sent + 1);
            int to = from + random.nextInt(transactions - from + 1);
            topic.capture(random, from, to, random.nextBoolean());
            sent = Math.max(sent, to);
        }
        topic.capture(random, random.nextInt(Math.min(sent, transactions - 1) + 1), transactions, false);
        return topic;
    }

    /** Without the record at an offset. Those behind it keep theirs. */
    public void drop(long offset) {
        records.set((int) offset, List.of());
    }

    /** Without some records at the beginning, as retention leaves it. */
    public void expire(long count) {
        for (int i = 0; i < count; i++) {
            drop(i);
        }
    }

    /** What one capture sends, of transactions {@code from} to {@code to - 1}. */
    private void capture(Random random, int from, int to, boolean isCutOff) {
        List<ChangeEvent> sent = new ArrayList<>();
        for (int i = from; i < to; i++) {
            sent.addAll(transaction(i + 1));
        }
        if (isCutOff && to < sizes.size()) {
            List<ChangeEvent> next = transaction(to + 1);
            sent.addAll(next.subList(0, random.nextInt(next.size())));
        }
        for (int i = 0; i < sent.size(); ) {
            int length = Math.min(sent.size() - i, 1 + random.nextInt(random.nextBoolean() ? 3 : 12));
            records.add(List.copyOf(sent.subList(i, i + length)));
            i += length;
        }
    }

    private List<ChangeEvent> transaction(int number) {
        List<ChangeEvent> events = new ArrayList<>();
        events.add(
                new ChangeEvent.Begin(number, LogSequenceNumber.valueOf(number == 1 ? beginning : 10L * (number - 1))));
        events.addAll(changes(number));
        events.add(new ChangeEvent.End(number, LogSequenceNumber.valueOf(10L * number), 0, sizes.get(number - 1)));
        return events;
    }

    private List<ChangeEvent> changes(int number) {
        List<ChangeEvent> changes = new ArrayList<>();
        for (int i = 0; i < sizes.get(number - 1); i++) {
            changes.add(new ChangeEvent.Insert(
                    TABLE,
                    new Tuple.Builder(2)
                            .add("t", String.valueOf(number))
                            .add("n", String.valueOf(i))
                            .build()));
        }
        return changes;
    }

    /** The events of a record. */
    public List<ChangeEvent> record(long offset) {
        return records.get((int) offset);
    }

    /** The offset after the last record. */
    public long end() {
        return records.size();
    }

    /** All changes, once, in order. */
    public List<ChangeEvent> changes() {
        List<ChangeEvent> changes = new ArrayList<>();
        for (int number = 1; number <= sizes.size(); number++) {
            changes.addAll(changes(number));
        }
        return changes;
    }

    /** Whether the last of some changes is the last one of its transaction. */
    public boolean isWhole(List<ChangeEvent> changes) {
        List<ChangeEvent> all = changes();
        return changes.isEmpty()
                || changes.size() == all.size()
                || !number(all.get(changes.size())).equals(number(changes.get(changes.size() - 1)));
    }

    private static String number(ChangeEvent change) {
        return String.valueOf(((ChangeEvent.Insert) change).after().value(0));
    }

    /** How many events the longest record has. */
    public int longestRecord() {
        return records.stream().mapToInt(List::size).max().orElse(0);
    }
}
