package io.changeover.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.e2e.Api;
import io.changeover.e2e.Databases;
import io.changeover.e2e.SharedStack;
import io.changeover.e2e.StackExtension;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.MigrationSpecJson;
import io.changeover.spec.SchemaMode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Codes and shapes of the API, on a real server. */
@Timeout(120)
@ExtendWith(StackExtension.class)
class ApiTest {

    @Test
    void migrationIsCreatedOnceAndListed(SharedStack stack, Databases databases) {
        Api api = stack.api();
        String spec = MigrationSpecJson.write(stack.spec(databases, SchemaMode.COPY));

        Api.Answer created = api.post("/migrations", spec);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body().path("databases").path(0).path("state").asText())
                .isEqualTo("CREATED");
        assertProblem(api.post("/migrations", spec), 409, "already");

        assertThat(api.get("/migrations").body())
                .anySatisfy(migration -> assertThat(migration).isEqualTo(created.body()));
        assertThat(api.get("/migrations/" + databases.migration()).body()).isEqualTo(created.body());
        assertThat(api.database(databases).path("cutover").path("ready").asBoolean())
                .isFalse();
    }

    @Test
    void literalPasswordIsRefusedAndNotRepeated(SharedStack stack, Databases databases) {
        MigrationSpec spec = stack.spec(databases, SchemaMode.COPY);
        MigrationSpec literal = spec.withServers(spec.source().withPassword("my literal"), spec.target());

        Api.Answer answer = stack.api().post("/migrations", MigrationSpecJson.write(literal));

        assertProblem(answer, 400, "must be a reference");
        assertThat(answer.body().toString()).doesNotContain("my literal");
    }

    @Test
    void whatIsNotThereIs404(SharedStack stack) {
        Api api = stack.api();

        assertProblem(api.get("/migrations/none"), 404, "no migration none");
        assertProblem(api.put("/migrations/none/start"), 404, "no migration none");
        assertProblem(api.get("/migrations/none/databases/d"), 404, "no migration none");
        assertProblem(api.post("/migrations/none/databases/d/cutover", "{}"), 404, "no migration none");
        assertProblem(api.get("/no/such/path"), 404, "");
    }

    @Test
    void databaseThatIsNotPartOfTheMigrationIs404(SharedStack stack, Databases databases) {
        Api api = stack.api();
        api.post("/migrations", MigrationSpecJson.write(stack.spec(databases, SchemaMode.COPY)));

        assertProblem(api.get("/migrations/" + databases.migration() + "/databases/other"), 404, "no database other");
    }

    @Test
    void bodyThatIsWrongIs400(SharedStack stack, Databases databases) {
        Api api = stack.api();
        api.post("/migrations", MigrationSpecJson.write(stack.spec(databases, SchemaMode.COPY)));
        String cutover = "/migrations/" + databases.migration() + "/databases/" + databases.name() + "/cutover";

        assertProblem(api.post("/migrations", "{"), 400, "");
        assertProblem(api.post("/migrations", "{\"sorce\": 1}"), 400, "sorce");
        assertProblem(api.post("/migrations", ""), 400, "");
        assertProblem(api.post(cutover, "{"), 400, "");
        assertProblem(api.post(cutover, ""), 400, "confirm");
        assertProblem(api.post(cutover, "[]"), 400, "confirm");
    }

    @Test
    void methodThatIsNotAllowedIs405(SharedStack stack) {
        assertProblem(stack.api().put("/migrations"), 405, "");
    }

    @Test
    void healthIsUp(SharedStack stack) {
        for (String path : new String[] {"/health", "/health/live", "/health/ready"}) {
            assertThat(stack.api().get(path).body().path("status").asText()).isEqualTo("UP");
        }
        assertThat(stack.api().get("").body().path("version").asText()).isNotEmpty();
    }

    @Test
    void itDescribesItself(SharedStack stack) throws Exception {
        assertThat(stack.api().get("/openapi.json").body().path("paths").has("/api/v1/migrations/{migration}"))
                .isTrue();
        assertThat(stack.api().send("GET", "/openapi.yaml", "").body())
                .isEqualTo(Files.readString(Path.of("..", "docs", "openapi.yaml")));
    }

    private static void assertProblem(Api.Answer answer, int status, String detail) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
        assertThat(answer.type()).startsWith("application/problem+json");
        assertThat(answer.body().path("status").asInt()).isEqualTo(status);
        assertThat(answer.body().path("error_code").asInt()).isEqualTo(status);
        assertThat(answer.body().path("type").asText()).isEqualTo("about:blank");
        assertThat(answer.body().path("title").asText()).isNotEmpty();
        assertThat(answer.body().path("message")).isEqualTo(answer.body().path("detail"));
        assertThat(answer.body().path("detail").asText()).contains(detail);
    }
}
