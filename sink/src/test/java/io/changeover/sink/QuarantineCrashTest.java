package io.changeover.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.fault.CrashPoint;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM is ended at every point of the quarantine; after the next one everything is as without that. */
@Timeout(180)
class QuarantineCrashTest {

    private TargetDatabase target;

    @BeforeEach
    void createDatabase() throws SQLException {
        target = database();
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    /** A row in the middle of the large transaction cannot be applied. */
    private static TargetDatabase database() throws SQLException {
        TargetDatabase created = TargetDatabase.create();
        CrashTopic.createTables(created);
        created.execute("alter table public.t add constraint no_such_row check (id <> " + CrashTopic.INSIDE + ")");
        return created;
    }

    static Stream<CrashPoint> whereItStops() {
        return points().filter(point -> point.id().endsWith("stopped"));
    }

    static Stream<CrashPoint> points() {
        return Arrays.stream(CrashPoint.values()).filter(point -> point.part().equals("quarantine"));
    }

    @Test
    void allPointsAreCovered() {
        assertThat(points())
                .containsExactlyInAnyOrder(
                        CrashPoint.QUARANTINE_BEFORE_STOPPED,
                        CrashPoint.QUARANTINE_AFTER_STOPPED,
                        CrashPoint.QUARANTINE_BEFORE_COMMIT);
    }

    @ParameterizedTest
    @MethodSource("whereItStops")
    void theStreamStopsBeforeTheChangeAndGoesOnWhenTheTargetIsMended(CrashPoint point) throws Exception {
        try (SinkProcess process = SinkProcess.crashingAt(point, 1, "stop", target.settings())) {
            assertThat(process.status()).as(point.id()).isEqualTo(CrashPoint.STATUS);
        }
        try (SinkProcess process = SinkProcess.failing("stop", target.settings())) {
            assertThat(process.status()).isEqualTo(SinkProcess.STOPPED);
            assertThat(process.output()).contains("\"t\"", "23514");
        }
        assertThat(target.query("select state, table_name, sqlstate from changeover.quarantine"))
                .containsExactly("stopped|t|23514");

        target.execute("alter table public.t drop constraint no_such_row");
        try (RunningSink sink = new RunningSink(target.settings(), CrashTopic.settings())) {
            CrashTopic.follow(sink);
        }

        CrashTopic.assertApplied(target);
        assertThat(target.query("select * from changeover.quarantine")).isEmpty();
    }

    @Test
    void aTableIsSetAsideAsWithoutTheCrash() throws Exception {
        for (int time = 1; time <= 2; time++) {
            try (SinkProcess process = SinkProcess.crashingAt(
                    CrashPoint.QUARANTINE_BEFORE_COMMIT, time, "stop-table", target.settings())) {
                assertThat(process.status()).isEqualTo(CrashPoint.STATUS);
            }
        }
        try (TargetDatabase undisturbed = database()) {
            for (TargetDatabase each : List.of(target, undisturbed)) {
                try (SinkProcess process = SinkProcess.failing("stop-table", each.settings())) {
                    assertThat(process.status()).isZero();
                }
            }
            assertThat(undisturbed.query("select state, table_name from changeover.quarantine"))
                    .containsExactly("set aside|t");
            assertThat(state(target)).isEqualTo(state(undisturbed));
        }
    }

    @ParameterizedTest
    @MethodSource("whereItStops")
    void aTaskOfRowsStopsBeforeTheRecordAndGoesOnWhenTheTargetIsMended(CrashPoint point) throws Exception {
        try (TargetDatabase rows = databaseOfRows()) {
            try (SinkProcess process = SinkProcess.ofRowsCrashingAt(point, 1, "stop", rows.settings())) {
                assertThat(process.status()).as(point.id()).isEqualTo(CrashPoint.STATUS);
            }
            assertThat(rows.query("select count(*) from changeover.quarantine"))
                    .containsExactly(point == CrashPoint.QUARANTINE_AFTER_STOPPED ? "1" : "0");
            rows.execute("alter table public.t drop constraint t_name_check");
            RefusedRecords records = new RefusedRecords();
            try (RunningRows sink = records.open(rows.settings())) {
                records.follow(sink);
            }

            assertWhole(rows);
            assertThat(rows.query("select * from changeover.quarantine")).isEmpty();
        }
    }

    @Test
    void aTableOfRowsIsSetAsideAsWithoutTheCrash() throws Exception {
        try (TargetDatabase rows = databaseOfRows()) {
            for (int time = 1; time <= 2; time++) {
                try (SinkProcess process = SinkProcess.ofRowsCrashingAt(
                        CrashPoint.QUARANTINE_BEFORE_COMMIT, time, "stop-table", rows.settings())) {
                    assertThat(process.status()).isEqualTo(CrashPoint.STATUS);
                }
            }
            RefusedRecords records = new RefusedRecords();
            try (RunningRows sink = records.open(rows.settings(), "change.failure.mode", "stop-table")) {
                records.follow(sink);
            }

            RefusedRecords.assertRows(rows, "t", RefusedRecords.REFUSED);
            RefusedRecords.assertRows(rows, "u", RefusedRecords.COUNT);
            assertThat(rows.query("select state, topic_offset, failures, held_back from changeover.quarantine"))
                    .containsExactly("set aside|31|1|30");
            assertThat(rows.query("select table_name, inserts from changeover.counters order by 1"))
                    .containsExactly("t|30", "u|60");
        }
    }

    private static TargetDatabase databaseOfRows() throws SQLException {
        TargetDatabase created = TargetDatabase.create();
        RefusedRecords.createTables(created);
        return created;
    }

    private static void assertWhole(TargetDatabase rows) throws SQLException {
        for (String table : List.of("t", "u")) {
            RefusedRecords.assertRows(rows, table, RefusedRecords.COUNT);
        }
        assertThat(rows.query("select table_name, inserts from changeover.counters order by 1"))
                .containsExactly("t|60", "u|60");
    }

    private static List<String> state(TargetDatabase database) throws SQLException {
        List<String> state = new ArrayList<>();
        for (String sql : List.of(
                "select table_name, operation, key_hash, commit_lsn, sqlstate, held_back from changeover.quarantine",
                "select id, v from public.t order by id",
                "select a, v from public.keyless order by a",
                "select id from public.emptied order by id",
                "select table_name, inserts, updates, deletes, truncates from changeover.counters order by 1",
                "select transactions, commit_lsn, topic_offset from changeover.streams")) {
            state.addAll(database.query(sql));
        }
        return state;
    }
}
