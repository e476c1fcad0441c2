package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.migration.Names;
import io.changeover.spec.SchemaMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A source that keeps little WAL, and a capture that does not run: what is lost is told, and is a failure. */
@Timeout(120)
@ExtendWith(StackExtension.class)
class LostSlotTest {

    private static final String ACTIVE = "select active from pg_replication_slots where slot_name = '%s'";

    private Databases databases;
    private Names names;

    @BeforeEach
    void littleWal(Databases created) throws Exception {
        databases = created;
        names = new Names(databases.migration(), databases.name());
        databases.onSourceAsSuperuser("alter system set max_slot_wal_keep_size = '64MB'", "select pg_reload_conf()");
        databases.onSource("create table public.t (filling text)", "alter table public.t replica identity full");
        databases.onSource("alter table public.t alter filling set storage external");
    }

    @AfterEach
    void allOfIt() throws Exception {
        databases.onSourceAsSuperuser(
                "alter system reset max_slot_wal_keep_size",
                "select pg_reload_conf()",
                "select pg_drop_replication_slot('" + names.slot() + "')");
    }

    @Test
    void slotThatTheSourceHasGivenUpIsWarnedOfAndThenAFailure(SharedStack stack) throws Exception {
        stack.api().begin(stack.spec(databases, SchemaMode.COPY));
        stack.api().awaitState(databases, "READY_TO_CUTOVER");
        assertThat(stack.api()
                        .database(databases)
                        .path("slot")
                        .path("safeWalBytes")
                        .asLong())
                .isPositive();
        stop(stack, names.capture());
        await("nobody to read the slot")
                .until(() -> databases.askSource(ACTIVE.formatted(names.slot())).equals(List.of("f")));

        databases.onSource("insert into public.t select repeat('x', 65536) from generate_series(1, 1280)");
        JsonNode threatened = await("a slot that is threatened")
                .until(
                        () -> stack.api().database(databases),
                        seen -> seen.path("slot").path("walStatus").asText().equals("unreserved"));
        assertThat(threatened.path("warnings").get(0).asText()).contains(names.slot(), "max_slot_wal_keep_size");

        databases.onSourceAsSuperuser("checkpoint");
        JsonNode failed = stack.api().awaitState(databases, "FAILED");
        assertThat(failed.path("reason").asText()).contains("CO-2006", names.slot(), "lost");
        assertThat(stack.api().cutover(databases).status()).isEqualTo(409);
    }

    private static void stop(SharedStack stack, String connector) throws Exception {
        String connect = stack.api().get("").body().path("connect").path("url").asText();
        HttpRequest stop = HttpRequest.newBuilder(URI.create(connect).resolve("/connectors/" + connector + "/stop"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(stop, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isLessThan(300);
    }
}
