package io.changeover.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.e2e.Api;
import io.changeover.e2e.Databases;
import io.changeover.e2e.SharedStack;
import io.changeover.e2e.StackExtension;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.MigrationSpecJson;
import io.changeover.spec.SchemaMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The preflight by REST. */
@Timeout(120)
@ExtendWith(StackExtension.class)
class PreflightResourceTest {

    @Test
    void itIsMadeWhenItIsAskedForAndKept(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        databases.onSource("create table public.keyless (id int)");
        api.post("/migrations", MigrationSpecJson.write(stack.spec(databases, SchemaMode.COPY)));
        String path = "/migrations/" + databases.migration() + "/preflight";
        assertThat(api.get(path).status()).isEqualTo(404);

        Api.Answer blocked = api.post(path, "");

        assertThat(blocked.status()).isEqualTo(200);
        assertThat(blocked.body().path("blocks").asBoolean()).isTrue();
        assertThat(blocked.body().path("findings").findValuesAsText("code")).contains("CO-1203");
        assertThat(api.get(path).body()).isEqualTo(blocked.body());
        assertThat(api.database(databases).path("state").asText()).isEqualTo("CREATED");

        databases.onSource("alter table public.keyless replica identity full");
        assertThat(api.post(path, "").body().path("blocks").asBoolean()).isFalse();
        assertThat(api.get(path).body().path("blocks").asBoolean()).isFalse();
    }

    @Test
    void whatHasBegunDoesNotStandInItsOwnWay(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        databases.onSource("create table public.t (id int primary key)");
        api.begin(stack.spec(databases, SchemaMode.COPY));
        api.awaitState(databases, "READY_TO_CUTOVER");

        Api.Answer answer = api.post("/migrations/" + databases.migration() + "/preflight", "");

        assertThat(answer.body().path("blocks").asBoolean())
                .as(answer.body().toString())
                .isFalse();
    }

    @Test
    void whatIsNotThereIs404AndAPasswordThatIsNotFoundIs400(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        assertThat(api.post("/migrations/none/preflight", "").status()).isEqualTo(404);
        assertThat(api.get("/migrations/none/preflight").status()).isEqualTo(404);
        MigrationSpec spec = stack.spec(databases, SchemaMode.COPY);
        api.post(
                "/migrations",
                MigrationSpecJson.write(
                        spec.withServers(spec.source().withPassword("${file:/no/such/file:x}"), spec.target())));

        Api.Answer answer = api.post("/migrations/" + spec.name() + "/preflight", "");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("detail").asText()).contains("no such file: /no/such/file");
    }
}
