package io.changeover.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.fault.CrashPoint;
import io.changeover.ledger.LoadLedger;
import io.changeover.load.Reload;
import io.changeover.postgres.TableName;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.postgresql.replication.LogSequenceNumber;

/** A JVM is ended at every point of a table's second load; after the next one everything is as without that. */
@Timeout(180)
class ReloadCrashTest {

    private static final TableName TABLE = ChangeTopic.name("t");

    private TargetDatabase target;

    /** Everything before the large transaction is applied. */
    @BeforeEach
    void applySome() throws SQLException {
        target = TargetDatabase.create();
        CrashTopic.createTables(target);
        try (RunningSink sink = new RunningSink(target.settings(), CrashTopic.settings())) {
            sink.follow(CrashTopic.beginning(), 7);
        }
        assertThat(target.query("select commit_lsn from changeover.streams")).containsExactly("0/32");
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    @Test
    void allPointsAreCovered() {
        assertThat(Arrays.stream(CrashPoint.values())
                        .filter(point -> point.part().equals("reload")))
                .hasSize(6);
        assertThat(Stream.of(
                        CrashPoint.RELOAD_BEFORE_BEGIN,
                        CrashPoint.RELOAD_AFTER_BEGIN,
                        CrashPoint.RELOAD_BEFORE_REPLAY,
                        CrashPoint.RELOAD_AFTER_REPLAY,
                        CrashPoint.RELOAD_BEFORE_END,
                        CrashPoint.RELOAD_AFTER_END))
                .allMatch(point -> point.part().equals("reload"));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ALL, names = "RELOAD_.*_(REPLAY|END)")
    void theTableGetsEachChangeOnce(CrashPoint point) throws Exception {
        reload();
        load();
        try (SinkProcess process = SinkProcess.crashingAt(point, 1, target.settings())) {
            assertThat(process.status()).as(point.id()).isEqualTo(CrashPoint.STATUS);
        }
        try (RunningSink sink = new RunningSink(target.settings(), CrashTopic.settings())) {
            CrashTopic.follow(sink);
        }

        CrashTopic.assertApplied(target);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ALL, names = "RELOAD_.*_BEGIN")
    void aReloadThatWasCutOffCanBeAskedForAgain(CrashPoint point) throws Exception {
        try (ReloadProcess process = ReloadProcess.crashingAt(point, target.settings(), TABLE)) {
            assertThat(process.status()).as(point.id()).isEqualTo(CrashPoint.STATUS);
        }
        assertThat(target.query("select count(*) from public.t"))
                .containsExactly(point == CrashPoint.RELOAD_BEFORE_BEGIN ? "4" : "0");

        reload();
        load();
        try (RunningSink sink = new RunningSink(target.settings(), CrashTopic.settings())) {
            CrashTopic.follow(sink);
        }

        CrashTopic.assertApplied(target);
    }

    private void reload() throws SQLException {
        Reload.begin(target.settings(), target.settings(), ChangeTopic.NAME, TABLE);
    }

    /** What a loader does, in a snapshot that has seen half of what the stream has applied: it never sees less. */
    private void load() throws SQLException {
        target.execute(
                "insert into public.t select id, 'x' from generate_series(3, 5) id union all select 11, 'moved'");
        LoadLedger.finish(target.connection(), TABLE, 4, 4, "55:55:", LogSequenceNumber.valueOf(0x100));
    }
}
