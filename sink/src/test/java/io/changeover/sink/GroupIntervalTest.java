package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.insert;
import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.sink.metrics.ApplyFigures;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many changes shortly after a group wait for others; the clock is the test's. */
class GroupIntervalTest {

    private static final int MANY = 60;
    private static final int FEW = 10;

    private final ChangeTopic topic = new ChangeTopic();
    private TargetDatabase target;
    private StreamRecords records;
    private long nanos;
    private long taken;
    private int ids;

    @BeforeEach
    void open() throws SQLException {
        target = TargetDatabase.create();
        target.execute("create table public.t (id int primary key)");
        SinkConfig config = SinkConfig.of(RunningSink.properties(target.settings()));
        records = StreamRecords.open(
                config,
                RunningSink.PARTITION,
                new ApplyFigures(),
                new PutTime(PutTime.LONGEST, System::nanoTime),
                () -> nanos);
    }

    @AfterEach
    void close() throws SQLException {
        records.disconnect();
        target.close();
    }

    @Test
    void manyWaitUntilFiftyMillisecondsAfterTheGroupBefore() throws Exception {
        put(MANY);
        assertThat(rows()).as("nothing came before").isEqualTo("60");

        put(MANY);
        assertThat(rows()).isEqualTo("60");
        assertThat(records.wantsCall()).isTrue();
        assertThat(records.heldChanges()).isEqualTo(MANY + 1);
        pass(Duration.ofMillis(49));
        put(FEW);
        assertThat(rows()).isEqualTo("60");

        pass(Duration.ofMillis(1));
        assertThat(records.apply(List.of())).isTrue();
        assertThat(rows()).isEqualTo("130");
        assertThat(target.query("select groups, transactions from changeover.streams"))
                .containsExactly("2|3");
        assertThat(records.wantsCall()).isFalse();
    }

    @Test
    void fewNeverWait() throws Exception {
        put(MANY);
        put(FEW);
        put(FEW);
        assertThat(rows()).isEqualTo("80");
        assertThat(records.wantsCall()).isFalse();
    }

    @Test
    void whatWaitsComesAgainIfTheTaskIsClosed() throws Exception {
        put(MANY);
        long offset = records.offsets().get(RunningSink.PARTITION);
        put(MANY);
        assertThat(records.offsets()).containsEntry(RunningSink.PARTITION, offset);
        records.disconnect();
        assertThat(rows()).isEqualTo("60");

        records.resume();
        taken = offset;
        pass(Duration.ofSeconds(1));
        put(FEW);
        assertThat(rows()).isEqualTo("130");
    }

    private void put(int changes) throws Exception {
        topic.transaction(
                10 + ids,
                IntStream.range(0, changes)
                        .mapToObj(i -> insert("t", "id", String.valueOf(ids + i)))
                        .toArray(ChangeEvent[]::new));
        ids += changes;
        records.apply(topic.from(taken));
        taken = topic.end();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private String rows() throws SQLException {
        return target.query("select count(*) from public.t").get(0);
    }
}
