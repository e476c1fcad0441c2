package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.insert;
import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.sink.metrics.ApplyFigures;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SlowTargetTest {

    private TargetDatabase target;
    private final ChangeTopic topic = new ChangeTopic();
    private long now;

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
        target.execute("create table public.t (id int)");
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    /** Every look at the clock is 25 s after the one before: a put is over after three groups. */
    @Test
    void aPutThatTakesLongStopsInBetweenAndTheSameBatchGoesOn() throws Exception {
        for (int i = 0; i < 10; i++) {
            topic.transaction(10 + i, insert("t", "id", String.valueOf(i)));
        }
        PutTime time = new PutTime(
                Duration.ofMinutes(1), () -> now += Duration.ofSeconds(25).toNanos());
        SinkConfig config = SinkConfig.of(RunningSink.properties(target.settings(), "batch.size", "1"));
        StreamRecords records =
                StreamRecords.open(config, RunningSink.PARTITION, new ApplyFigures(), time, System::nanoTime);

        int puts = 0;
        for (boolean done = false; !done && puts < 10; puts++) {
            try {
                records.apply(topic.all());
                done = true;
            } catch (SlowTargetException e) {
                assertThat(records.isLost()).isFalse();
                assertThat(target.query("select count(*) from public.t"))
                        .containsExactly(String.valueOf(3 * (puts + 1)));
            }
        }
        records.disconnect();

        assertThat(puts).isEqualTo(4);
        assertThat(target.query("select count(*), count(distinct id) from public.t"))
                .containsExactly("10|10");
    }
}
