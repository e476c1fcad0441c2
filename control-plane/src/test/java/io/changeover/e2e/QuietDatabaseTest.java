package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.spec.SchemaMode;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** WAL that other databases of the server write must not pile up behind the slot of one in which nothing happens. */
@Timeout(180)
@ExtendWith(StackExtension.class)
class QuietDatabaseTest {

    private static final long WRITTEN = 64L << 20;

    @Test
    void itsSlotMovesOnWhileAnotherDatabaseWrites(SharedStack stack, Servers servers) throws Exception {
        slotMovesOn(stack, servers);
    }

    /** The heartbeat is a row of a table. */
    @Test
    @Tag("faults")
    void itMovesOnBeforeFourteenToo(SharedStack stack) throws Exception {
        try (Servers servers = Servers.start(12)) {
            slotMovesOn(stack, servers);
        }
    }

    private static void slotMovesOn(SharedStack stack, Servers servers) throws Exception {
        Databases quiet = servers.create();
        Databases busy = servers.create();
        quiet.onSource("create table public.t (id int primary key)", "insert into public.t values (1)");
        busy.onSource(
                "create table public.t (filling text)", "alter table public.t alter filling set storage external");
        stack.api().begin(stack.spec(quiet, SchemaMode.COPY));
        stack.api().awaitState(quiet, "READY_TO_CUTOVER");

        String before = ask(quiet, "select pg_current_wal_lsn()");
        busy.onSource("insert into public.t select repeat('x', 65536) from generate_series(1, 1024)");
        String after = ask(quiet, "select pg_current_wal_lsn()");

        assertThat(Long.parseLong(ask(quiet, "select pg_wal_lsn_diff('" + after + "', '" + before + "')::bigint")))
                .isGreaterThan(WRITTEN);
        await("what is read to be confirmed")
                .atMost(Duration.ofSeconds(10))
                .until(() -> slotIsPast(quiet, "confirmed_flush_lsn", after));
        // the server notes where decoding could begin every 15 s
        await("the WAL to be let go")
                .atMost(Duration.ofSeconds(40))
                .until(() -> slotIsPast(quiet, "restart_lsn", after));
        JsonNode slot = await("a look at it")
                .until(
                        () -> stack.api().database(quiet).path("slot"),
                        seen -> seen.path("retainedWalBytes").asLong() < WRITTEN / 4);
        assertThat(slot.path("active").asBoolean()).isTrue();
        assertThat(slot.path("walStatus").asText("reserved")).isEqualTo("reserved");
        assertThat(stack.api().database(quiet).path("warnings")).isEmpty();
        assertThat(stack.api().cutover(quiet).status()).isEqualTo(202);
        Api.assertEqual(stack.api().awaitEnd(quiet));
    }

    private static boolean slotIsPast(Databases databases, String column, String lsn) throws SQLException {
        return ask(
                        databases,
                        "select " + column + " > '" + lsn + "' from pg_replication_slots where database = '"
                                + databases.name() + "'")
                .equals("t");
    }

    private static String ask(Databases databases, String query) throws SQLException {
        return databases.askSource(query).get(0);
    }
}
