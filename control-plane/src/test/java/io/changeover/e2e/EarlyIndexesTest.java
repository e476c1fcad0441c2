package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.spec.ExistingIndexMode;
import io.changeover.spec.LoadMode;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.SchemaMode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The keys of a table do not wait for the rows of another one. */
@Timeout(180)
@ExtendWith(StackExtension.class)
class EarlyIndexesTest {

    @Test
    void keysAreMadeWhileOtherTablesAreLoaded(SharedStack stack, Databases databases) throws Exception {
        databases.onSource(
                "create table public.small (id int primary key, v int)",
                "create index small_v on public.small (v)",
                "create table public.large (id int primary key, v text)",
                "alter table public.large alter v set storage external",
                "insert into public.small select n, n from generate_series(1, 10) n",
                "insert into public.large select n, repeat('x', 5000) from generate_series(1, 1600) n");
        LoadSpec slow = new LoadSpec(LoadMode.COPY, Optional.empty(), Optional.of(100_000L), ExistingIndexMode.KEEP);

        stack.api().begin(stack.spec(databases, SchemaMode.COPY).withLoad(slow));

        await("the small table's index, while the large table is loaded")
                .atMost(Duration.ofSeconds(60))
                .until(() -> databases
                        .askTarget("select to_regclass('public.small_v') is not null")
                        .contains("t"));
        assertThat(databases.askTarget("select table_name from changeover.loads where state <> 'done'"))
                .containsExactly("large");
        databases.onTarget("update changeover.load_limits set bytes_per_second = null");
        stack.api().awaitState(databases, "READY_TO_CUTOVER");
        assertThat(databases.askTarget("select indexname from pg_indexes where schemaname = 'public' order by 1"))
                .containsExactly("large_pkey", "small_pkey", "small_v");
        assertThat(stack.api().cutover(databases).status()).isEqualTo(202);
        Api.assertEqual(stack.api().awaitEnd(databases));
    }
}
