package io.changeover.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of several processes that write to one target for one stream, the last one that has opened it goes on alone. */
@Timeout(300)
class OneWriterTest {

    private TargetDatabase target;

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
        CrashTopic.createTables(target);
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    @Test
    void aProcessThatWasStoppedAndContinuedChangesNothingAndSaysWhy() throws Exception {
        try (OtherWriter lock = new OtherWriter(target.settings());
                SinkProcess stopped = stoppedInsideTheLargeTransaction(lock)) {
            lock.rollback();
            try (RunningSink second = new RunningSink(target.settings(), CrashTopic.settings())) {
                CrashTopic.follow(second);
                CrashTopic.assertApplied(target);
                stopped.signal("CONT");

                assertThat(stopped.output()).startsWith("CO-2023: fenced: another task has taken over stream stream");
                assertThat(stopped.status()).isEqualTo(SinkProcess.STOPPED);
                CrashTopic.assertApplied(target);
            }
        }
    }

    @Test
    void aSecondProcessForTheSameStreamStopsTheFirst() throws Exception {
        try (OtherWriter lock = new OtherWriter(target.settings())) {
            lock.execute("insert into public.t values (" + CrashTopic.INSIDE + ")");
            try (SinkProcess first = SinkProcess.start(target.settings())) {
                awaitLock(1);
                try (SinkProcess second = SinkProcess.start(target.settings())) {
                    assertThat(first.output()).startsWith("CO-2023: fenced");
                    assertThat(first.status()).isEqualTo(SinkProcess.STOPPED);
                    awaitLock(1);
                    lock.rollback();
                    assertThat(second.status()).isZero();
                }
            }
        }
        CrashTopic.assertApplied(target);
    }

    /** Each fifth: more than one connection needs until its first group, or none would get that far. */
    @Test
    void aCommitWhoseAnswerIsLostIsNotDoneAgain() throws Exception {
        try (LosingProxy proxy = new LosingProxy(target.settings(), 5);
                RunningSink sink = new RunningSink(proxy.settings(), CrashTopic.settings())) {
            CrashTopic.follow(sink);
            assertThat(proxy.lost()).isGreaterThan(2);
        }
        CrashTopic.assertApplied(target);
    }

    private SinkProcess stoppedInsideTheLargeTransaction(OtherWriter lock) throws Exception {
        lock.execute("insert into public.t values (" + CrashTopic.INSIDE + ")");
        SinkProcess process = SinkProcess.start(target.settings());
        awaitLock(1);
        process.signal("STOP");
        return process;
    }

    private void awaitLock(int sessions) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(100))
                .until(() -> target.query("select count(*) from pg_stat_activity where datname = current_database()"
                                + " and application_name like 'changeover sink%' and wait_event_type = 'Lock'")
                        .equals(List.of(String.valueOf(sessions))));
    }
}
