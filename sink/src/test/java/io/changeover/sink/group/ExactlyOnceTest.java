package io.changeover.sink.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

/**
 * However a stream is chopped, sent again, limited, and interrupted: each transaction is applied once, whole, in order.
 */
class ExactlyOnceTest {

    private static final int RUNS = 20_000;
    private static final int BROKEN_RUNS = 5_000;

    @Test
    void appliesEveryTransactionOnceInOrder() {
        int pieces = 0;
        int abandoned = 0;
        int insideRecords = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            Run run = new Run(seed);
            run.toTheEnd();
            assertThat(run.committed).as("seed %d", seed).isEqualTo(run.topic.changes());
            assertThat(run.offset).as("seed %d", seed).isEqualTo(run.topic.end());
            pieces += run.pieces;
            abandoned += run.abandoned;
            insideRecords += run.insideRecords;
        }
        assertThat(pieces).isGreaterThan(RUNS);
        assertThat(abandoned).isGreaterThan(RUNS / 40);
        assertThat(insideRecords).isGreaterThan(RUNS);
    }

    @Test
    void aRecordThatIsMissingIsNoticedUnlessItWasOfNoUse() {
        int noticed = 0;
        for (int seed = 0; seed < BROKEN_RUNS; seed++) {
            Run run = new Run(seed);
            run.topic.drop(run.random.nextLong(run.topic.end() - 1));
            noticed += run.isNoticed() ? 1 : 0;
        }
        assertThat(noticed).isBetween(BROKEN_RUNS / 2, BROKEN_RUNS * 19 / 20);
    }

    @Test
    void recordsThatExpireAreNoticedUnlessTheyWereOfNoUse() {
        int noticed = 0;
        for (int seed = 0; seed < BROKEN_RUNS; seed++) {
            Run run = new Run(seed);
            run.expiresAt = run.random.nextLong(run.topic.end());
            noticed += run.isNoticed() ? 1 : 0;
        }
        assertThat(noticed).isBetween(BROKEN_RUNS / 10, BROKEN_RUNS * 19 / 20);
    }

    /** A target that remembers what was committed, and loses all else at any time. */
    private static final class Run {
        private final int seed;
        private final Random random;
        private final ChoppedTopic topic;
        private final BufferLimits limits;
        private final List<ChangeEvent> committed = new ArrayList<>();
        private final List<ChangeEvent> open = new ArrayList<>();
        private TransactionBuffer buffer;
        private int restarts;
        private long expiresAt = -1;
        private long next;
        private long offset;
        private LogSequenceNumber commitLsn = LogSequenceNumber.valueOf(0);
        private int pieces;
        private int abandoned;
        private int insideRecords;

        Run(int seed) {
            this.seed = seed;
            random = new Random(seed);
            topic = ChoppedTopic.of(random, 1 + random.nextInt(8), 12);
            limits = new BufferLimits(1 + random.nextInt(12), 2 + random.nextInt(20), 1 << 20);
            buffer = new TransactionBuffer(offset, commitLsn, limits);
            restarts = random.nextInt(5);
        }

        /**
         * Whether it was noticed that something is missing; if not, nothing is, and if it was, nothing wrong is there.
         */
        boolean isNoticed() {
            try {
                toTheEnd();
                assertThat(committed).as("seed %d", seed).isEqualTo(topic.changes());
                return false;
            } catch (BrokenStreamException e) {
                assertThat(committed)
                        .as("seed %d", seed)
                        .isEqualTo(topic.changes().subList(0, committed.size()));
                assertThat(topic.isWhole(committed)).as("seed %d", seed).isTrue();
                return true;
            }
        }

        void toTheEnd() {
            while (next < topic.end()) {
                if (next == expiresAt) {
                    topic.expire(random.nextLong(topic.end()));
                    expiresAt = -1;
                }
                if (buffer.isFull()) {
                    apply();
                }
                take();
                if (next == topic.end() || random.nextInt(3) == 0) {
                    apply();
                }
                if (random.nextInt(10) == 0) {
                    restart();
                }
            }
        }

        private void take() {
            if (!topic.record(next).isEmpty()) {
                buffer.take(next, topic.record(next));
            }
            next++;
            assertThat(buffer.heldChanges()).as("seed %d", seed).isLessThan(limits.changes() + topic.longestRecord());
        }

        /** Sometimes not to the end. */
        private void apply() {
            for (Optional<Step> step = buffer.next(); step.isPresent(); step = buffer.next()) {
                apply(step.get());
                if (random.nextInt(10) == 0 && restart()) {
                    return;
                }
            }
        }

        private boolean restart() {
            if (restarts == 0) {
                return false;
            }
            restarts--;
            open.clear();
            buffer = new TransactionBuffer(offset, commitLsn, limits);
            next = Math.max(0, offset - random.nextInt(4));
            return true;
        }

        private void apply(Step step) {
            if (step instanceof Group group) {
                assertThat(open).as("seed %d", seed).isEmpty();
                group.transactions().forEach(each -> open.addAll(each.changes()));
                commit(
                        group.nextOffset(),
                        group.transactions().isEmpty()
                                ? commitLsn
                                : group.transactions()
                                        .get(group.transactions().size() - 1)
                                        .commitLsn());
            } else if (step instanceof Piece piece) {
                pieces++;
                open.addAll(piece.changes());
            } else if (step instanceof LastPiece last) {
                open.addAll(last.rest().changes());
                commit(last.rest().nextOffset(), last.rest().commitLsn());
            } else {
                abandoned++;
                open.clear();
            }
        }

        private void commit(long nextOffset, LogSequenceNumber lsn) {
            assertThat(nextOffset).as("seed %d", seed).isGreaterThanOrEqualTo(offset);
            insideRecords += nextOffset < buffer.nextOffset() ? 1 : 0;
            committed.addAll(open);
            open.clear();
            offset = nextOffset;
            commitLsn = lsn;
            buffer.applied(offset, commitLsn);
        }
    }
}
