package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.SchemaMode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tables that pipelines choke on, in one database: each is equal on the target, by the load and by the stream, or is
 * refused by its name before anything is done, and the others flow meanwhile.
 */
@Timeout(240)
@ExtendWith(StackExtension.class)
class PoisonTablesTest {

    private static final String UNLOGGED = "\"poison\".\"unlogged\"";

    /** What cannot be published as it is. */
    private static final List<String> UNIDENTIFIED = List.of(
            "by_dropped_index",
            "deferrable_key",
            "derived_keyless",
            "no_columns",
            "no_columns_left",
            "nothing",
            "only_generated",
            "parted_other",
            "parted_south_high",
            "parted_south_low",
            "wide_keyless");

    private static final String IDENTITIES = """
            select c.relname, c.relreplident from pg_class c
            where c.relnamespace = 'poison'::regnamespace and c.relkind in ('r', 'p') order by 1""";

    @Test
    void everyTableIsEqualOnTheTarget(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        databases.onSource(Scripts.text("poison-schema.sql"));
        databases.onSource(Scripts.transactions("poison-before.sql"));
        List<String> identities = databases.askSource(IDENTITIES);

        api.begin(spec(stack, databases, ReplicaIdentityMode.FULL_WHERE_MISSING));
        api.awaitState(databases, "READY_TO_CUTOVER");
        databases.onSource(Scripts.transactions("poison-stream.sql"));
        awaitNormal(api, databases);
        assertThat(databases.askSource(IDENTITIES)).contains("deferrable_key|f", "nothing|f", "by_index|i", "normal|d");
        Api.Answer answer = api.cutover(databases);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        JsonNode end = api.awaitEnd(databases);

        Api.assertEqual(end);
        assertThat(end.path("comparison").path("notCompared"))
                .anySatisfy(text -> assertThat(text.asText()).startsWith("poison.unlogged: "));
        assertSameContent(databases);
        assertThat(databases.askSource(IDENTITIES))
                .isEqualTo(identities.stream()
                        .map(line -> line.replace("by_dropped_index|i", "by_dropped_index|n"))
                        .toList());
    }

    @Test
    void whatCannotBePublishedIsRefusedByName(SharedStack stack, Databases databases) throws Exception {
        databases.onSource(Scripts.text("poison-schema.sql"));
        List<String> identities = databases.askSource(IDENTITIES);

        stack.api().begin(spec(stack, databases, ReplicaIdentityMode.KEEP));
        String reason =
                stack.api().awaitState(databases, "FAILED").path("reason").asText();

        assertThat(reason.lines().filter(line -> line.contains("CO-1203")))
                .map(line -> line.substring(line.lastIndexOf('.') + 1))
                .containsExactlyInAnyOrderElementsOf(UNIDENTIFIED);
        assertThat(reason).contains(UNIDENTIFIED.size() + " BLOCKS, 0 WARNS");
        assertThat(databases.askSource(IDENTITIES)).isEqualTo(identities);
    }

    /** Nothing stands still behind the poison tables. */
    private static void awaitNormal(Api api, Databases databases) {
        String state = await("changes that come after those of the poison tables")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> normalHasFlowed(databases)
                                ? "FLOWS"
                                : api.database(databases).path("state").asText(),
                        List.of("FLOWS", "FAILED")::contains);
        assertThat(state)
                .as(() -> api.database(databases).path("reason").asText())
                .isEqualTo("FLOWS");
    }

    private static boolean normalHasFlowed(Databases databases) throws SQLException {
        return databases.askTarget("select v from poison.normal where id = 101").equals(List.of("last"));
    }

    private static MigrationSpec spec(SharedStack stack, Databases databases, ReplicaIdentityMode mode) {
        return stack.spec(databases, SchemaMode.COPY).withReplicaIdentity(mode);
    }

    private static void assertSameContent(Databases databases) throws Exception {
        Map<String, String> source = Content.rows(databases.source(Servers.MIGRATOR));
        Map<String, String> target = Content.rows(databases.target(Servers.MIGRATOR));
        assertThat(source.remove(UNLOGGED)).startsWith("2|");
        assertThat(target.remove(UNLOGGED)).startsWith("0|");
        assertThat(target).hasSizeGreaterThan(80).isEqualTo(source);
    }
}
