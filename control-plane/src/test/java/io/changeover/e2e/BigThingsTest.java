package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A transaction of ten million rows and values of 100 MB, with broker, worker and control plane in one JVM of 1 GB. The
 * figures of docs/limits.md are what it prints.
 */
@Tag("faults")
@Timeout(1800)
@ExtendWith(StackExtension.class)
class BigThingsTest {

    private static final int HEAP_MEGABYTES = Integer.getInteger("changeover.big.heap", 1024);
    private static final int ROWS = Integer.getInteger("changeover.big.rows", 10_000_000);
    private static final int MEGABYTES = Integer.getInteger("changeover.big.megabytes", 100);
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    /** More than heartbeats make between two looks. */
    private static final int RECORDS_OF_CHANGES = 100;

    private static final String DIGESTS = """
            select 'narrow', count(*), sum(id), sum(n), '' from public.narrow union all
            select 'blobs', count(*), sum(id), sum(length(data)), string_agg(id || note || md5(data), ' ' order by id)
            from public.blobs union all
            select 'wholes', count(*), sum(id), sum(length(data)), string_agg(id || note || md5(data), ' ' order by id)
            from public.wholes union all
            select 'letters', count(*), sum(id), sum(length(body)), string_agg(id || md5(body), ' ' order by id)
            from public.letters""";

    @TempDir
    Path directory;

    @Test
    void passThroughOneGigabyteOfHeap(Databases databases) throws Exception {
        databases.onSource(
                "create table public.narrow (id bigint primary key, n int not null)",
                "create table public.blobs (id int primary key, note text not null, data bytea)",
                "create table public.wholes (id int primary key, note text not null, data bytea)",
                "create table public.letters (id int primary key, body text)",
                "alter table public.wholes replica identity full",
                "insert into public.blobs values (1, 'loaded', " + bytes(MEGABYTES, 1) + "), (2, 'loaded', "
                        + bytes(MEGABYTES, 2) + ")");
        Path log = directory.resolve("gc.log");
        Instant begun = Instant.now();
        try (MigrateProcess process =
                MigrateProcess.start(databases, directory, "manual", Heap.options(HEAP_MEGABYTES, log))) {
            Api api = process.api();
            api.awaitState(databases, "READY_TO_CUTOVER");
            report("loaded", log, begun);

            begun = Instant.now();
            databases.onSource(
                    "insert into public.narrow select i, i % 1000 from generate_series(1, " + ROWS + ") i",
                    "update public.narrow set n = -1 where id % 1000000 = 0");
            report("written", log, begun);
            awaitApplied(process, api, databases, "narrow");
            report("rows applied", log, begun);

            begun = Instant.now();
            databases.onSource(
                    "insert into public.blobs values (3, 'new', " + bytes(MEGABYTES, 3) + ")",
                    "update public.blobs set note = 'unsent' where id = 1",
                    "update public.blobs set data = " + bytes(MEGABYTES, 4) + " where id = 2",
                    // one that compresses well: what is small in Kafka is large in memory
                    "insert into public.blobs values (4, 'zeros', decode(repeat('00', " + (MEGABYTES << 20)
                            + "), 'hex'))",
                    "begin; insert into public.blobs values (5, 'first', " + bytes(MEGABYTES, 5) + "), (6, 'second', "
                            + bytes(MEGABYTES, 6) + "); delete from public.blobs where id = 5; commit",
                    "delete from public.blobs where id = 3");
            awaitApplied(process, api, databases, "blobs");
            report("values applied", log, begun);

            begun = Instant.now();
            databases.onSource(
                    "insert into public.wholes values (1, 'new', " + bytes(MEGABYTES * 2 / 5, 7) + "), (2, 'new', "
                            + bytes(MEGABYTES * 2 / 5, 8) + ")",
                    "update public.wholes set note = 'old row and new' where id = 1",
                    "update public.wholes set data = " + bytes(MEGABYTES * 2 / 5, 9) + " where id = 1",
                    "delete from public.wholes where id = 2",
                    "insert into public.letters values (1, repeat('ä long letter ', 750000))",
                    "update public.letters set body = body || 'P.S.'");
            awaitApplied(process, api, databases, "wholes", "letters");
            report("whole rows applied", log, begun);

            begun = Instant.now();
            assertThat(await("a cutover that may begin")
                            .atMost(Duration.ofSeconds(60))
                            .until(() -> api.cutover(databases), given -> given.status() != 409)
                            .status())
                    .isEqualTo(202);
            process.assertExit(0, PATIENCE);
            report("compared", log, begun);
        }
        assertThat(databases.askTarget(DIGESTS)).isEqualTo(databases.askSource(DIGESTS));
        assertThat(databases.askTarget("select count(*) from public.narrow")).containsExactly(String.valueOf(ROWS));
        assertThat(databases.askTarget("select count(*) from public.narrow where n = -1"))
                .containsExactly(String.valueOf(ROWS / 1_000_000));
    }

    /** So many megabytes that do not compress, and are others for another seed. */
    private static String bytes(int megabytes, int seed) {
        return "(select string_agg(sha256(convert_to('" + seed + " ' || i, 'UTF8')), '') from generate_series(1, "
                + (megabytes << 15) + ") i)";
    }

    /** Until the target has what the source has; what it has not is pending all the time. */
    private static void awaitApplied(MigrateProcess process, Api api, Databases databases, String... tables) {
        await("the rows of " + List.of(tables))
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .failFast("the command has ended", () -> !process.isAlive())
                .until(() -> {
                    JsonNode pending = api.database(databases).path("pending");
                    boolean applied = true;
                    for (String table : tables) {
                        applied &= marks(databases, table, false).equals(marks(databases, table, true));
                    }
                    if (!applied) {
                        assertPending(pending);
                    }
                    return applied;
                });
    }

    /**
     * From the commit until the first changes are in the topic, the WAL behind the last captured transaction is all
     * that tells of it; that may be little, because heartbeats commit while a long transaction writes.
     */
    private static void assertPending(JsonNode pending) {
        assertThat(pending.path("changes").asLong() + pending.path("walBytes").asLong())
                .as("pending: " + pending)
                .isPositive();
        if (pending.path("records").asLong() > RECORDS_OF_CHANGES) {
            assertThat(pending.path("changes").asLong())
                    .as("pending: " + pending)
                    .isPositive();
        }
    }

    /** Which version of each row there is, without reading its values: the number of changes made to the table. */
    private static List<String> marks(Databases databases, String table, boolean target) throws SQLException {
        String query = switch (table) {
            case "narrow" -> "select count(*) filter (where n = -1) from public.narrow where id % 1000000 = 0";
            case "letters" -> "select id, length(body) from public.letters";
            default -> "select id, note, substr(data, 1, 32) from public." + table + " order by id";
        };
        return target ? databases.askTarget(query) : databases.askSource(query);
    }

    private static void report(String what, Path log, Instant begun) throws Exception {
        System.out.printf(
                "%s: %d s, %s%n", what, Duration.between(begun, Instant.now()).toSeconds(), Heap.read(log));
    }
}
