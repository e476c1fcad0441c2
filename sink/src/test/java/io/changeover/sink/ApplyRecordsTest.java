package io.changeover.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.sink.apply.StreamApplier;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.FailurePolicy;
import io.changeover.sink.group.BufferLimits;
import io.changeover.sink.group.ChoppedTopic;
import java.sql.SQLException;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Records that hold parts of several transactions, on a server that loses connections, with tasks that are replaced.
 */
@Timeout(60)
class ApplyRecordsTest {

    private static final String STREAM = "chopped";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void landsEveryTransactionOnce(int seed) throws Exception {
        Random random = new Random(seed);
        ChoppedTopic topic = ChoppedTopic.of(random, 40, 30);
        BufferLimits limits = new BufferLimits(1 + random.nextInt(50), 5 + random.nextInt(20), 1 << 20);
        try (TargetDatabase target = TargetDatabase.create()) {
            target.execute("create table public.t (t int, n int, primary key (t, n))");
            StreamApplier applier = StreamApplier.open(target.settings(), STREAM, limits);
            long next = 0;
            while (applier.topicOffset() < topic.end()) {
                if (random.nextInt(40) == 0) {
                    target.terminateSink();
                } else if (random.nextInt(40) == 0) {
                    StreamApplier replaced = applier;
                    applier = StreamApplier.open(target.settings(), STREAM, limits);
                    replaced.disconnect();
                    next = applier.topicOffset();
                }
                next = step(applier, topic, next);
            }
            applier.disconnect();

            assertThat(target.query("select count(*) from public.t"))
                    .containsExactly(String.valueOf(topic.changes().size()));
            assertThat(target.query("select sum(inserts) from changeover.counters"))
                    .containsExactly(String.valueOf(topic.changes().size()));
            assertThat(target.query("select transactions, topic_offset, commit_lsn from changeover.streams"))
                    .containsExactly("40|" + topic.end() + "|0/190");
        }
    }

    /** Takes and applies a record, or goes back to the position after a failure. */
    private static long step(StreamApplier applier, ChoppedTopic topic, long offset) throws Exception {
        try {
            if (applier.isLost()) {
                applier.resume();
                return applier.topicOffset();
            }
            applier.take(offset, topic.record(offset));
            applier.apply();
            return offset + 1;
        } catch (FailedChangeException e) {
            assertThat(e.policy()).as(e.getMessage()).isEqualTo(FailurePolicy.RETRY);
        } catch (SQLException e) {
            assertThat(FailurePolicy.of(e)).as(e.getMessage()).isEqualTo(FailurePolicy.RETRY);
        }
        applier.disconnect();
        return offset;
    }
}
