package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.postgres.Connections;
import io.changeover.spec.SchemaMode;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A source transaction that the sink does not hold in memory, through a real worker, with a lost connection. */
@Timeout(360)
@ExtendWith(StackExtension.class)
class LargeTransactionMigrationTest {

    private static final String ROWS = "150000";
    private static final String SINK_IN_MID_TRANSACTION = """
            from pg_stat_activity where datname = current_database() and application_name like 'changeover sink%'
            and wait_event_type = 'Lock'""";

    @Test
    void landsWholeThoughTheSinkLosesItsConnectionInTheMiddle(SharedStack stack, Databases databases) throws Exception {
        databases.onSource(
                "create table public.big (id int primary key, v text)",
                "create table public.gate (id int primary key)");
        Api api = stack.api();
        api.begin(stack.spec(databases, SchemaMode.COPY));
        api.awaitState(databases, "READY_TO_CUTOVER");

        try (Connection closed = Connections.open(databases.target(Servers.MIGRATOR), "test");
                Statement statement = closed.createStatement()) {
            closed.setAutoCommit(false);
            statement.execute("lock table public.gate in share mode");
            databases.onSource("insert into public.big select i, 'row ' || i from generate_series(1, " + ROWS + ") i;"
                    + " insert into public.gate values (1)");
            await("a sink behind its pieces, whose session is ended")
                    .atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> databases
                            .askTarget("select pg_terminate_backend(pid) " + SINK_IN_MID_TRANSACTION)
                            .equals(List.of("t")));
            assertThat(databases.askTarget("select count(*) from public.big")).containsExactly("0");
        }
        assertThat(countsUntilAllAre(databases, "true")).isSubsetOf("0", ROWS);
        databases.onSource("update public.big set v = 'again'");
        assertThat(countsUntilAllAre(databases, "v = 'again'")).isSubsetOf("0", ROWS);

        Api.Answer answer = await("a cutover that may begin")
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.cutover(databases), given -> given.status() != 409);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        Api.assertEqual(api.awaitEnd(databases));
        assertThat(databases.askTarget("select inserts, updates from changeover.counters where table_name = 'big'"))
                .containsExactly(ROWS + "|" + ROWS);
    }

    /** How many rows a reader of the target sees, until it sees all. */
    private static Set<String> countsUntilAllAre(Databases databases, String condition) {
        Set<String> seen = new HashSet<>();
        await("the whole transaction").atMost(Duration.ofSeconds(120)).until(() -> {
            seen.addAll(databases.askTarget("select count(*) from public.big where " + condition));
            return seen.contains(ROWS);
        });
        return seen;
    }
}
