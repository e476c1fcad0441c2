package io.changeover.sink.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.local.LocalPostgres;
import io.changeover.sink.group.Origin;
import io.changeover.sink.target.TargetSession;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/** Prints what a change costs in sets and in order: rows per second, and the backend's CPU time, which varies less. */
@Tag("faults")
@Timeout(1800)
class SetSpeedTest {

    private static final int ROWS = 1_000_000;
    private static final int CHANGES = Integer.getInteger("speed.changes", 200_000);
    private static final int GROUP = 50_000;
    private static final TableName TABLE = new TableName("public", "t");
    private static final List<String> KEY = List.of("id");
    private static final List<String> COLUMNS = List.of("id", "a", "b", "v");
    private static final Origin ORIGIN = new Origin(1, LogSequenceNumber.valueOf(1), true);

    private interface ChangeOf {
        ChangeEvent row(int id, int number);
    }

    @Test
    void setsAgainstChangesInOrder() throws Exception {
        try (LocalPostgres server = LocalPostgres.builder(17)
                .setting("shared_buffers", "512MB")
                .setting("autovacuum", "off")
                .fsync(false)
                .start()) {
            measure(server.settings("postgres"));
        }
    }

    private static void measure(ServerSettings server) throws Exception {
        try (Connection target = TargetSession.open(server, "speed")) {
            execute(target, "create table public.t (id bigint primary key, a text, b int, v int)");
            execute(
                    target,
                    "insert into public.t select i, 'row ' || i, i, 0 from generate_series(1, " + ROWS + ") as i");
            execute(target, "analyze public.t");
            target.commit();
            for (ChangeWriter.Mode mode : List.of(ChangeWriter.Mode.SETS, ChangeWriter.Mode.IN_ORDER)) {
                print(
                        target,
                        mode,
                        "updates",
                        0,
                        (id, number) -> new ChangeEvent.Update(TABLE, key(id), row(id, number)));
                print(target, mode, "inserts", ROWS, (id, number) -> new ChangeEvent.Insert(TABLE, row(id, number)));
                print(target, mode, "deletes", 0, (id, number) -> new ChangeEvent.Delete(TABLE, key(id)));
            }
        }
    }

    private static void print(Connection target, ChangeWriter.Mode mode, String what, int above, ChangeOf change)
            throws Exception {
        List<Integer> ids = IntStream.rangeClosed(1, ROWS).boxed().collect(Collectors.toList());
        Collections.shuffle(ids, new Random(1));
        SetOutcomes outcomes = new SetOutcomes();
        TargetTables tables = new TargetTables(target);
        TableSets sets = new TableSets(target, tables, outcomes);
        ProcessHandle backend = ProcessHandle.of(backend(target)).orElseThrow();
        Duration cpuBefore = backend.info().totalCpuDuration().orElseThrow();
        long start = System.nanoTime();
        for (int from = 0; from < CHANGES; from += GROUP) {
            try (ChangeWriter writer = new ChangeWriter(target, tables, sets, mode)) {
                for (int i = from; i < from + GROUP; i++) {
                    writer.write(change.row(ids.get(i) + above, i), ORIGIN);
                }
                writer.flush();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Duration cpu = backend.info().totalCpuDuration().orElseThrow().minus(cpuBefore);
        target.rollback();
        System.out.printf(
                Locale.ROOT,
                "%-8s %-8s %8.0f rows/s, backend %5.1f µs of CPU per row%n",
                mode,
                what,
                CHANGES / seconds,
                cpu.toNanos() / 1e3 / CHANGES);
        assertThat(outcomes.takenCount()).isEqualTo(mode == ChangeWriter.Mode.SETS ? CHANGES / GROUP : 0);
    }

    private static Tuple key(int id) {
        return Tuple.of(KEY, new String[] {String.valueOf(id)});
    }

    private static Tuple row(int id, int number) {
        return Tuple.of(
                COLUMNS, new String[] {String.valueOf(id), "row " + id, String.valueOf(id), String.valueOf(number)});
    }

    private static long backend(Connection target) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery("select pg_backend_pid()")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void execute(Connection target, String sql) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute(sql);
        }
    }
}
