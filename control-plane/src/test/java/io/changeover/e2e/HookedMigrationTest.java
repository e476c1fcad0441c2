package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.spec.HookFailure;
import io.changeover.spec.HookMoment;
import io.changeover.spec.HookSpec;
import io.changeover.spec.HookStep;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.MigrationSpecJson;
import io.changeover.spec.SchemaMode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hooks of a real cutover: a veto, one that hangs behind the fence, and one of every step; and who uses the source
 * after it.
 */
@Timeout(240)
@ExtendWith(StackExtension.class)
class HookedMigrationTest {

    @TempDir
    private Path files;

    @Test
    void hooksMayKeepACutoverFromHappeningAndEndWithIt(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        databases.onSource("create table public.t (id int primary key)", "insert into public.t values (1)");
        MigrationSpec spec = stack.spec(databases, SchemaMode.COPY);
        MigrationSpec hooked = spec.withHooks(hooks(stack.hooks()));
        assertRefused(api, spec);
        api.begin(hooked);

        assertThat(resultOf(api, attempt(api, databases)))
                .contains("CO-2095", "before fence: pause", "exit code 1", "not yet");
        assertThat(notes()).containsExactly("after given-up");

        Files.createFile(files.resolve("go"));
        Files.createFile(files.resolve("hang"));
        Files.delete(files.resolve("notes"));
        assertThat(resultOf(api, attempt(api, databases))).contains("before drain: slow", "ended after 1500 ms");
        long child = Long.parseLong(Files.readString(files.resolve("child")).strip());
        await("the end of " + child)
                .until(() ->
                        ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
        databases.onSource("insert into public.t values (2)");
        assertThat(notes()).endsWith("after given-up").contains("after fence").doesNotContain("after drain");

        Files.delete(files.resolve("hang"));
        Files.delete(files.resolve("notes"));
        long operation = attempt(api, databases);
        Api.assertEqual(api.awaitEnd(databases));
        assertThat(notes()).containsExactlyElementsOf(everyMoment());
        assertThat(Files.readString(files.resolve("environment")))
                .contains("CHANGEOVER_OPERATION=" + operation, "CHANGEOVER_DATABASE=" + databases.name())
                .doesNotContain(Servers.PASSWORD, "HOME=");
        assertThat(stepsOf(api, operation))
                .contains("hook before fence: pause", "hook after completed: note-completed-after");

        assertReportHasTheHooksAndItsStyle(api, databases);
        assertWhoStillUsesTheSourceIsNamed(api, databases);
    }

    private static void assertReportHasTheHooksAndItsStyle(Api api, Databases databases) throws Exception {
        HttpResponse<String> page =
                api.send("GET", "/migrations/" + databases.migration() + "/report", "", "Accept", "text/html");
        assertThat(page.body())
                .contains("before fence: pause", "TIMED_OUT", "Gates when the cutover began", "READY_TO_CUTOVER")
                .doesNotContain("<script");
        String style = page.body()
                .substring(page.body().indexOf("<style>") + 7, page.body().indexOf("</style>"));
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8)));
        assertThat(page.headers().allValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .contains("default-src 'none'", "style-src 'sha256-" + hash + "'");
    }

    private static void assertWhoStillUsesTheSourceIsNamed(Api api, Databases databases) throws Exception {
        assertThat(api.database(databases).path("warnings")).isEmpty();
        try (Connection application = Databases.plain(databases.source(Servers.APPLICATION));
                Statement statement = application.createStatement()) {
            assertThatThrownBy(() -> statement.execute("insert into public.t values (8)"))
                    .hasMessageContaining("read-only");
            statement.execute("set application_name = 'billing'");
            statement.execute("set default_transaction_read_only = off");
            statement.execute("insert into public.t values (9)");
            JsonNode seen = await("who still uses the source")
                    .atMost(Duration.ofSeconds(60))
                    .until(
                            () -> {
                                statement.execute("select 1"); // what it wrote is counted by its next statement
                                return api.database(databases);
                            },
                            found -> found.path("warnings").size() == 2);
            assertThat(seen.path("warnings").get(0).asText()).contains("CO-2090", "1 rows of public.t");
            assertThat(seen.path("warnings").get(1).asText()).contains("still connected", "of app (billing)");
            assertThat(seen.path("formerSource").path("rollbacks").asLong()).isPositive();
            assertThat(finish(api, databases, "").status()).isEqualTo(409);
        }
        Api.Answer refused = finish(api, databases, "");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().path("code").asText()).isEqualTo("CO-4022");
        assertThat(refused.body().path("blockers")).hasSize(1);
        assertThat(finish(api, databases, ", \"despiteClients\": true").status())
                .isEqualTo(202);
        await("the end")
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.database(databases).path("finished").asBoolean());
        assertThat(api.database(databases).path("warnings")).isEmpty();
    }

    private static Api.Answer finish(Api api, Databases databases, String more) {
        return api.post(
                path(databases) + "/finish",
                "{\"confirm\": \"" + databases.migration() + "/" + databases.name() + "\"" + more + "}");
    }

    /** Whoever may ask for migrations may not have any program run. */
    private static void assertRefused(Api api, MigrationSpec spec) {
        MigrationSpec evil = spec.withHooks(List.of(HookSpec.command(
                "id",
                HookMoment.BEFORE,
                HookStep.FENCE,
                List.of("/bin/sh", "-c", "id"),
                HookSpec.TIMEOUT,
                HookFailure.VETO)));
        Api.Answer answer = api.post("/migrations", MigrationSpecJson.write(evil));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("detail").asText()).contains("--hook-paths");
    }

    private List<HookSpec> hooks(Path allowed) throws IOException {
        List<HookSpec> hooks = new ArrayList<>();
        hooks.add(hook(
                "pause",
                HookMoment.BEFORE,
                HookStep.FENCE,
                script(allowed, "test -e go || { echo not yet; exit 1; }; env > environment")));
        hooks.add(hook(
                "slow",
                HookMoment.BEFORE,
                HookStep.DRAIN,
                script(allowed, "test -e hang || exit 0; sleep 1000 & echo $! > child; wait")));
        String note = script(
                allowed,
                "test -e go || test $CHANGEOVER_STEP != preparation || exit 0;"
                        + " echo $CHANGEOVER_PHASE $CHANGEOVER_STEP >> notes");
        for (HookStep step : HookStep.values()) {
            for (HookMoment at : HookMoment.values()) {
                if (step != HookStep.GIVEN_UP || at == HookMoment.AFTER) {
                    hooks.add(hook("note-" + step.word() + "-" + at.word(), at, step, note));
                }
            }
        }
        return hooks;
    }

    private HookSpec hook(String name, HookMoment at, HookStep step, String program) {
        HookFailure onFailure = step.isDecided(at) ? HookFailure.WARN : HookFailure.VETO;
        return HookSpec.command(name, at, step, List.of(program, files.toString()), Duration.ofMillis(1500), onFailure);
    }

    private static String script(Path allowed, String text) throws IOException {
        Path program = Files.createTempFile(allowed, "hook", ".sh");
        Files.writeString(program, "#!/bin/sh\ncd \"$1\"\n" + text + "\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"))
                .toString();
    }

    private static List<String> everyMoment() {
        return Stream.of(HookStep.values())
                .filter(step -> step != HookStep.GIVEN_UP)
                .flatMap(step -> Stream.of("before " + step.word(), "after " + step.word()))
                .collect(Collectors.toList());
    }

    private List<String> notes() throws IOException {
        return Files.readAllLines(files.resolve("notes"));
    }

    /** Asks for a cutover, as often as it takes; the request's number. */
    private static long attempt(Api api, Databases databases) {
        api.awaitState(databases, "READY_TO_CUTOVER");
        return await("a cutover that may begin")
                .atMost(Duration.ofSeconds(90))
                .until(
                        () -> api.send(
                                        "POST",
                                        path(databases) + "/cutover",
                                        "{\"confirm\":\"" + databases.migration() + "/" + databases.name() + "\"}",
                                        "Content-Type",
                                        "application/json")
                                .headers()
                                .firstValue("Location")
                                .map(found -> Long.parseLong(found.substring(found.lastIndexOf('/') + 1)))
                                .orElse(-1L),
                        id -> id >= 0);
    }

    /** Why a cutover was given up. */
    private static String resultOf(Api api, long operation) {
        return await("the way back")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> api.get("/operations/" + operation).body(),
                        seen -> seen.path("state").asText().equals("failed"))
                .path("result")
                .asText();
    }

    private static List<String> stepsOf(Api api, long operation) {
        List<String> names = new ArrayList<>();
        api.get("/operations/" + operation)
                .body()
                .path("steps")
                .forEach(step -> names.add(step.path("name").asText()));
        return names;
    }

    private static String path(Databases databases) {
        return "/migrations/" + databases.migration() + "/databases/" + databases.name();
    }
}
