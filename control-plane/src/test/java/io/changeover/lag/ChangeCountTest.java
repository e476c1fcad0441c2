package io.changeover.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import io.changeover.wire.RecordJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A capture that dies anywhere and sends whole transactions again, and a sink that applies some of them at a time:
 * whatever is committed and not applied is pending, as changes or as WAL that is not captured.
 */
class ChangeCountTest {

    private static final List<TableName> TABLES = List.of(new TableName("s", "t"), new TableName("s", "u"));
    private static final int STEPS = 400;

    private record Transaction(LogSequenceNumber commit, List<ChangeEvent> events) {}

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void nothingThatIsCommittedAndNotAppliedIsLeftOut(long seed) {
        World world = new World(new Random(seed));
        for (int step = 0; step < STEPS; step++) {
            world.step();
            world.check("seed " + seed + ", step " + step);
        }
        world.settle();
        assertThat(world.count.pending()).as("seed " + seed).isZero();
        assertThat(world.count.bytes(world.offset)).as("seed " + seed).isZero();
    }

    /** The source's transactions, the topic's records and the sink's position. */
    private static final class World {

        private final Random random;
        private final List<Transaction> committed = new ArrayList<>();
        private final ChangeCount count = new ChangeCount(LogSequenceNumber.valueOf(0));
        private final List<ChangeEvent> batch = new ArrayList<>();
        private long sourceLsn = 1;
        private long offset;
        private int sent;
        private int applied;

        World(Random random) {
            this.random = random;
        }

        void step() {
            switch (random.nextInt(6)) {
                case 0, 1 -> commit();
                case 2, 3 -> send();
                case 4 -> crash();
                case 5 -> apply();
                default -> throw new IllegalStateException();
            }
        }

        private void commit() {
            List<ChangeEvent> events = new ArrayList<>();
            events.add(new ChangeEvent.Begin(committed.size() + 1L, LogSequenceNumber.valueOf(sourceLsn)));
            int changes = 1 + random.nextInt(4);
            for (int i = 0; i < changes; i++) {
                events.add(change(TABLES.get(random.nextInt(TABLES.size()))));
            }
            sourceLsn += 10;
            LogSequenceNumber commit = LogSequenceNumber.valueOf(sourceLsn);
            events.add(new ChangeEvent.End(committed.size() + 1L, commit, 0, changes));
            committed.add(new Transaction(commit, events));
        }

        private ChangeEvent change(TableName table) {
            return switch (random.nextInt(4)) {
                case 0 -> new ChangeEvent.Update(table, Tuple.EMPTY, Tuple.EMPTY);
                case 1 -> new ChangeEvent.Delete(table, Tuple.EMPTY);
                case 2 -> new ChangeEvent.Truncate(table);
                default -> new ChangeEvent.Insert(table, Tuple.EMPTY);
            };
        }

        /** Whole transactions, or the beginning of one, in records of any size. */
        private void send() {
            if (sent < committed.size()) {
                batch.addAll(committed.get(sent).events());
                sent++;
                if (random.nextBoolean()) {
                    produce(batch.size());
                }
            }
        }

        private void produce(int events) {
            count.add(offset++, RecordJson.write(List.copyOf(batch.subList(0, events))));
            batch.subList(0, events).clear();
        }

        /** In the middle of a transaction, say; then from a position before it. */
        private void crash() {
            if (!batch.isEmpty()) {
                produce(random.nextInt(batch.size()) + 1);
                batch.clear();
            }
            int whole = Math.min(sent, arrived());
            sent = Math.max(0, whole - random.nextInt(3));
        }

        private void apply() {
            int arrived = arrived();
            if (arrived > applied) {
                applied += 1 + random.nextInt(arrived - applied);
            }
            count.applied(position());
        }

        private int arrived() {
            return (int) committed.stream()
                    .filter(each -> each.commit().compareTo(count.lastEnd()) <= 0)
                    .count();
        }

        private LogSequenceNumber position() {
            return applied == 0
                    ? LogSequenceNumber.valueOf(0)
                    : committed.get(applied - 1).commit();
        }

        void check(String when) {
            long captured = 0;
            for (Transaction each : committed.subList(applied, committed.size())) {
                if (each.commit().compareTo(count.lastEnd()) <= 0) {
                    captured += each.events().size() - 2;
                }
            }
            assertThat(count.pending()).as(when).isGreaterThanOrEqualTo(captured);
            assertThat(TABLES.stream().mapToLong(count::pending).sum()).as(when).isEqualTo(count.pending());
            boolean missing = applied < committed.size();
            long walBytes = sourceLsn - count.lastEnd().asLong();
            assertThat(count.pending() == 0 && walBytes <= 0 && missing)
                    .as(when)
                    .isFalse();
        }

        void settle() {
            while (sent < committed.size()) {
                send();
            }
            if (!batch.isEmpty()) {
                produce(batch.size());
            }
            applied = committed.size();
            count.applied(position());
        }
    }
}
