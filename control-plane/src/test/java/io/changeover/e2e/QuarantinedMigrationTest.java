package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.migration.Names;
import io.changeover.spec.SchemaMode;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A change that the target refuses: it is told by name, blocks the cutover, and is applied when the target is mended.
 */
@Timeout(240)
@ExtendWith(StackExtension.class)
class QuarantinedMigrationTest {

    @Test
    void aRefusedChangeBlocksTheCutoverUntilTheTargetIsMended(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        Names names = new Names(databases.migration(), databases.name());
        databases.onSource("create table public.t (id int primary key)", "insert into public.t values (1)");
        api.begin(stack.spec(databases, SchemaMode.COPY));
        api.awaitState(databases, "READY_TO_CUTOVER");
        databases.onSource("insert into public.t values (2)");
        await("metrics of the sink in JMX").until(() -> metric(names.sink(), "rows-inserted-total") == 1);
        assertThat(metric(names.sink(), "quarantine")).isZero();

        databases.onTarget("alter table public.t add constraint not_13 check (id <> 13)");
        databases.onSource(
                "insert into public.t values (12)",
                "insert into public.t values (13)",
                "insert into public.t values (14)");
        JsonNode refused = await("a change in the quarantine")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> api.database(databases),
                        seen -> !seen.path("quarantine").isEmpty());
        assertThat(refused.path("quarantine").get(0).toString()).contains("public.t", "23514");
        Api.Answer refusal = await("a cutover that is refused for it")
                .until(
                        () -> api.cutover(databases),
                        answer -> answer.body().path("blockers").toString().contains("CO-2030"));
        assertThat(refusal.status()).isEqualTo(409);
        assertThat(databases.askTarget("select id from public.t order by 1")).containsExactly("1", "2", "12");

        databases.onTarget("alter table public.t drop constraint not_13");
        restart(stack, names.sink());
        if (api.database(databases).path("state").asText().equals("FAILED")) {
            api.start(databases.migration());
        }
        await("all changes")
                .atMost(Duration.ofSeconds(60))
                .until(() -> databases
                        .askTarget("select id from public.t order by 1")
                        .equals(List.of("1", "2", "12", "13", "14")));
        Api.Answer begun = await("a cutover that may begin")
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.cutover(databases), answer -> answer.status() != 409);
        assertThat(begun.status()).as(begun.body().toString()).isEqualTo(202);
        Api.assertEqual(api.awaitEnd(databases));
    }

    private static double metric(String connector, String name) throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        Set<ObjectName> beans = server.queryNames(
                new ObjectName("kafka.connect:type=plugins,connector=" + connector + ",task=0"), null);
        return beans.isEmpty()
                ? Double.NaN
                : ((Number) server.getAttribute(beans.iterator().next(), name)).doubleValue();
    }

    private static void restart(SharedStack stack, String connector) throws Exception {
        String connect = stack.api().get("").body().path("connect").path("url").asText();
        HttpRequest restart = HttpRequest.newBuilder(URI.create(connect)
                        .resolve("/connectors/" + connector + "/restart?includeTasks=true&onlyFailed=true"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(restart, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(202);
    }
}
