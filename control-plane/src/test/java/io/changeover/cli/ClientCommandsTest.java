package io.changeover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.api.Json;
import io.changeover.e2e.Databases;
import io.changeover.e2e.SharedStack;
import io.changeover.e2e.StackExtension;
import io.changeover.migration.Step;
import io.changeover.postgres.local.FreePort;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.SchemaMode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The commands that talk to a running control plane. */
@Timeout(180)
@ExtendWith(StackExtension.class)
class ClientCommandsTest {

    @Test
    void aMigrationIsWatchedAndSwitchedFromTheCommandLine(SharedStack stack, Databases databases) throws Exception {
        databases.onSource(
                "create table public.t (id int primary key)",
                "insert into public.t values (1), (2)",
                "create table public.\"=u\" (id int primary key)");
        String server = stack.api().uri().toString();
        String name = databases.migration();
        String pair = name + "/" + databases.name();
        stack.api().begin(stack.spec(databases, SchemaMode.COPY));

        RunCommand ready = RunCommand.run(
                "status", name, "--server", server, "--wait-for", "READY_TO_CUTOVER", "--timeout", "90s");
        assertThat(ready.exitCode()).as(ready.err()).isZero();
        assertThat(RunCommand.run("status", name, "--server", server).out()).contains("READY_TO_CUTOVER", "public.t");
        assertThat(RunCommand.run("migrations", "--server", server).out())
                .containsPattern(name + " +" + databases.name() + ".* READY_TO_CUTOVER");
        assertThat(RunCommand.run("status", name, "--server", server, "--wait-for", "COMPLETED", "--timeout", "100ms")
                        .exitCode())
                .isEqualTo(6);

        tablesAreShownInEveryForm(stack, pair);
        lagIsALadder(server, pair);
        assertThat(Json.mapper()
                        .readTree(RunCommand.run("status", name, "-o", "json", "--server", server)
                                .out())
                        .at("/databases/0/state")
                        .asText())
                .isEqualTo("READY_TO_CUTOVER");
        assertThat(RunCommand.run("migrations", "-o", "yaml", "--server", server)
                        .out())
                .contains("name: \"" + name + "\"");
        RunCommand early = RunCommand.run("report", name, "--server", server);
        assertThat(early.exitCode()).isEqualTo(4);
        assertThat(early.out()).contains("NOT ALL IS EQUAL OR COMPLETED");

        RunCommand limit = RunCommand.run("limit", pair, "--readers", "1", "--server", server);
        assertThat(limit.exitCode()).as(limit.err()).isZero();
        assertThat(databases.askTarget("select readers, bytes_per_second from changeover.load_limits"))
                .containsExactly("1|null");
        assertThat(RunCommand.run("limit", pair, "--bytes-per-second", "0", "--server", server)
                        .err())
                .contains("bytesPerSecond must be a whole number of at least 1");
        assertThat(RunCommand.run("reload", pair, "t", "--server", server).err())
                .contains("named as SCHEMA.TABLE");
        RunCommand unknown = RunCommand.run("reload", pair, "public.none", "--server", server);
        assertThat(unknown.exitCode()).isEqualTo(4);
        assertThat(unknown.err()).contains("there is no table public.none on the source");
        RunCommand reload = RunCommand.run("reload", pair, "public.t", "--server", server);
        assertThat(reload.exitCode()).as(reload.err()).isZero();
        // so few rows are loaded between two looks of a command that waits for the state
        await().atMost(Duration.ofSeconds(90)).until(() -> fullLoads(server, name) == 2);
        ready = RunCommand.run(
                "status", name, "--server", server, "--wait-for", "READY_TO_CUTOVER", "--timeout", "90s");
        assertThat(ready.exitCode()).as(ready.err()).isZero();
        assertThat(databases.askTarget("select count(*) from public.t")).containsExactly("2");

        String pause = "/migrations/" + name + "/databases/" + databases.name() + "/pause";
        HttpResponse<String> paused = stack.api().send("PUT", pause, "");
        assertThat(operation(stack, paused)).isEqualTo("done");
        assertThat(RunCommand.run("resume", pair, "--server", server).exitCode())
                .isZero();
        ready = RunCommand.run(
                "status", name, "--server", server, "--wait-for", "READY_TO_CUTOVER", "--timeout", "90s");
        assertThat(ready.exitCode()).as(ready.err()).isZero();

        abortWaitsForWhatItUndoes(databases, server, pair);
        ready = RunCommand.run(
                "status", name, "--server", server, "--wait-for", "READY_TO_CUTOVER", "--timeout", "90s");
        assertThat(ready.exitCode()).as(ready.err()).isZero();

        assertThat(RunCommand.run("cutover", pair, "--confirm", name + "/other", "--server", server)
                        .exitCode())
                .isEqualTo(2);
        RunCommand cutover = RunCommand.run("cutover", pair, "--confirm", pair, "--server", server);
        assertThat(cutover.exitCode()).as(cutover.err()).isZero();
        RunCommand watch = RunCommand.run("status", name, "--server", server, "--watch");
        assertThat(watch.exitCode()).isZero();
        assertThat(watch.out()).contains("COMPLETED");

        reportSaysSo(server, name);
        HttpResponse<String> finish = stack.api()
                .send(
                        "POST",
                        "/migrations/" + name + "/finish",
                        "{\"confirm\": \"" + name + "\"}",
                        "Content-Type",
                        "application/json");
        assertThat(operation(stack, finish)).isEqualTo("done");

        RunCommand again = RunCommand.run("cutover", pair, "--confirm", pair, "--server", server);
        assertThat(again.exitCode()).isEqualTo(4);
        assertThat(again.err()).contains("the state is COMPLETED");
        RunCommand late = RunCommand.run("reload", pair, "public.t", "--server", server);
        assertThat(late.exitCode()).isEqualTo(4);
        assertThat(late.err()).contains("public.t", "the state is COMPLETED");
    }

    /** The state that the operation ends in that an answer names. */
    private static String operation(SharedStack stack, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        String path = answer.headers().firstValue("Location").orElseThrow().replaceFirst("^.*/api/v1", "");
        return await("end of " + path)
                .atMost(Duration.ofSeconds(60))
                .until(() -> stack.api().get(path).body().path("state").asText(), state -> !state.equals("running"));
    }

    private static void lagIsALadder(String server, String pair) throws IOException {
        RunCommand lag = RunCommand.run("lag", pair, "--server", server);
        assertThat(lag.exitCode()).as(lag.err()).isZero();
        assertThat(lag.out())
                .startsWith(pair + ": READY_TO_CUTOVER, behind ")
                .containsPattern("source +[0-9A-F]+/[0-9A-F]+")
                .containsPattern("applied +[0-9A-F]+/[0-9A-F]+ +.* behind the source");
        assertThat(Json.mapper()
                        .readTree(RunCommand.run("lag", pair, "-o", "json", "--server", server)
                                .out())
                        .at("/0/pending/sourceLsn")
                        .asText())
                .contains("/");
    }

    private static void reportSaysSo(String server, String name) throws IOException {
        RunCommand text = RunCommand.run("report", name, "--server", server);
        assertThat(text.exitCode()).as(text.err()).isZero();
        assertThat(text.out()).contains("All databases are equal on both sides", "freeze");
        RunCommand markdown = RunCommand.run("report", name, "-o", "md", "--server", server);
        assertThat(markdown.out()).contains("# Migration ", "| public.t | 2 | 2 | ", "| operator | cutover | ");
        RunCommand html = RunCommand.run("report", name, "-o", "html", "--server", server);
        assertThat(html.out()).startsWith("<!doctype html>").contains("<td>public.t</td>");
        String json =
                RunCommand.run("report", name, "-o", "json", "--server", server).out();
        JsonNode report = Json.mapper().readTree(json);
        assertThat(report.path("equal").asBoolean()).isTrue();
        JsonNode database = report.path("databases").path(0);
        JsonNode table = database.at("/evidence/ledger/tables/1");
        assertThat(table.path("table").asText())
                .as(database.path("evidence").toString())
                .isEqualTo("public.t");
        assertThat(table.path("rows").asLong() + table.path("inserts").asLong())
                .as(table.toString())
                .isEqualTo(2);
        assertThat(database.at("/evidence/ledger/sourceVersion").asText()).startsWith("14.");
        assertThat(database.at("/evidence/preflight/at").asText()).startsWith("20");
        assertThat(database.at("/comparison/tables/0/digests/source").asText())
                .matches("[0-9a-f]{64}")
                .isEqualTo(database.at("/comparison/tables/0/digests/target").asText());
        assertThat(database.path("steps")).hasSize(Step.values().length);
        assertThat(RunCommand.run("report", name, "-o", "json", "--server", server)
                        .out())
                .as("the same again")
                .isEqualTo(json);
    }

    @Test
    void aFileIsAppliedOnceAndItsDifferencesAreTold(SharedStack stack, Databases databases, @TempDir Path directory)
            throws IOException {
        String server = stack.api().uri().toString();
        String name = databases.migration();
        Path file = directory.resolve("migration.yaml");
        Files.writeString(file, file(stack, databases, "manual"));

        RunCommand would = RunCommand.run("apply", "-f", file.toString(), "--dry-run", "--server", server);
        assertThat(would.exitCode()).as(would.err()).isZero();
        assertThat(would.out()).contains(name + " would be made");
        assertThat(stack.api().get("/migrations/" + name).status()).isEqualTo(404);

        assertThat(RunCommand.run("apply", "-f", file.toString(), "--server", server)
                        .out())
                .contains(name + " is made");
        assertThat(RunCommand.run("apply", "-f", file.toString(), "--server", server)
                        .out())
                .isEqualToIgnoringNewLines(name + " is as the file has it\n");

        Files.writeString(file, file(stack, databases, "auto"));
        assertThat(RunCommand.run("apply", "-f", file.toString(), "--server", server)
                        .out())
                .contains(name + " is changed")
                .containsPattern("cutover: .*MANUAL.* → .*AUTO");

        Files.writeString(file, file(stack, databases, "auto").replace("schema: copy", "schema: existing"));
        RunCommand refused = RunCommand.run("apply", "-f", file.toString(), "--server", server);
        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.err()).contains("another spec.schema");
        assertThat(stack.api().delete(name)).isEqualTo(204);
    }

    private static String file(SharedStack stack, Databases databases, String cutover) {
        MigrationSpec spec = stack.spec(databases, SchemaMode.COPY);
        return String.format(
                """
                apiVersion: changeover.io/v1alpha1
                kind: Migration
                metadata: {name: %s}
                spec:
                  source: {host: %s, port: %d, user: %s, password: "%s", sslMode: disable}
                  target: {host: %s, port: %d, user: %s, password: "%s", sslMode: disable}
                  databases: [{source: %s}]
                  schema: copy
                  cutover: {mode: %s}
                """,
                spec.name(),
                spec.source().host(),
                spec.source().port(),
                spec.source().user(),
                spec.source().password(),
                spec.target().host(),
                spec.target().port(),
                spec.target().user(),
                spec.target().password(),
                databases.name(),
                cutover);
    }

    @Test
    void completionKnowsTheCommandsAndTheirOptions() {
        for (String shell : new String[] {"bash", "zsh"}) {
            RunCommand script = RunCommand.run("completion", shell);
            assertThat(script.exitCode()).as(script.err()).isZero();
            assertThat(script.out()).contains("cutover", "--wait-for", "complete -F _complete_changeover");
        }
    }

    @Test
    void helpHasNoColoursWhereNobodyLooks() {
        assertThat(RunCommand.run("--help").out()).contains("status").doesNotContain("\u001b");
    }

    /** How often the tables of the migration's pair were loaded, so far. */
    private static long fullLoads(String server, String name) throws IOException {
        return Json.mapper()
                .readTree(RunCommand.run("status", name, "-o", "json", "--server", server)
                        .out())
                .at("/databases/0/timeline")
                .findValuesAsText("state")
                .stream()
                .filter("FULL_LOAD"::equals)
                .count();
    }

    private static void tablesAreShownInEveryForm(SharedStack stack, String pair) {
        String server = stack.api().uri().toString();
        String path = "/migrations/" + pair.replace("/", "/databases/") + "/tables";

        assertThat(RunCommand.run("tables", pair, "--server", server).out())
                .containsPattern("public\\.t +loaded +2 of 2")
                .doesNotContain("\u001b");
        assertThat(RunCommand.run("tables", pair, "--state", "waiting", "--server", server)
                        .out())
                .doesNotContain("public.t");
        assertThat(RunCommand.run("tables", pair, "--filter", "IC.T", "-o", "yaml", "--server", server)
                        .out())
                .contains("table: \"public.t\"", "rows: 2");
        RunCommand wrong = RunCommand.run("tables", pair, "--sort", "size", "--server", server);
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("sort must be one of");

        HttpResponse<String> page = stack.api().send("GET", path + "?limit=1&sort=-rows", "");
        assertThat(page.headers().firstValue("Link").orElseThrow())
                .startsWith("</api/v1" + path + "?")
                .contains("limit=1", "sort=-rows", "cursor=")
                .endsWith(">; rel=\"next\"");
        String next = page.headers().firstValue("Link").orElseThrow().replaceAll("^</api/v1|>.*$", "");
        HttpResponse<String> last = stack.api().send("GET", next, "");
        assertThat(last.body()).contains("\"public.=u\"");
        assertThat(last.headers().firstValue("Link")).isEmpty();

        HttpResponse<String> csv = stack.api().send("GET", path, "", "Accept", "text/csv");
        assertThat(csv.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/csv");
        assertThat(csv.body().lines().toList())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).startsWith("public.t,loaded,2,"));
        assertThat(stack.api().get(path + "?page=2").body().path("detail").asText())
                .contains("no parameter page");
    }

    @Test
    void whatIsNotThereIsToldAsSuch(SharedStack stack) {
        String server = stack.api().uri().toString();

        RunCommand status = RunCommand.run("status", "no-such", "--server", server);
        assertThat(status.exitCode()).isEqualTo(2);
        assertThat(status.err()).contains("There is no migration no-such");
        RunCommand cutover = RunCommand.run("cutover", "no-such/db", "--confirm", "no-such/db", "--server", server);
        assertThat(cutover.exitCode()).isEqualTo(2);
        assertThat(cutover.err()).contains("There is no migration no-such");
    }

    private static void abortWaitsForWhatItUndoes(Databases databases, String server, String pair) throws Exception {
        RunCommand nothing = RunCommand.run("abort", pair, "--server", server);
        assertThat(nothing.exitCode()).isEqualTo(4);
        assertThat(nothing.err()).contains("no cutover is wanted or under way");
        RunCommand later =
                RunCommand.run("cutover", pair, "--confirm", pair, "--at", "2099-01-01T00:00:00Z", "--server", server);
        assertThat(later.exitCode()).as(later.err()).isZero();
        RunCommand withdrawn = RunCommand.run("abort", pair, "--server", server);
        assertThat(withdrawn.exitCode()).as(withdrawn.err()).isZero();
        assertThat(withdrawn.out()).contains("withdrawn, nothing had begun");

        try (Connection application = Databases.plain(databases.source("app"));
                Statement statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("insert into public.t values (3)"); // holds up the fence
            await("a cutover that may begin")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> RunCommand.run("cutover", pair, "--confirm", pair, "--server", server)
                                    .exitCode()
                            == 0);
            String migration = pair.substring(0, pair.indexOf('/'));
            RunCommand begun = RunCommand.run(
                    "status", migration, "--server", server, "--wait-for", "CUTTING_OVER", "--timeout", "60s");
            assertThat(begun.exitCode()).as(begun.err()).isZero();

            RunCommand abort = RunCommand.run("abort", pair, "--server", server, "--timeout", "60s");

            assertThat(abort.exitCode()).as(abort.err()).isZero();
            assertThat(abort.out()).contains("Aborted by", "the source is writable");
            application.rollback();
        }
    }

    @Test
    void withoutAServerNothingAnswers() throws IOException {
        String server = "http://127.0.0.1:" + FreePort.any();

        assertThat(RunCommand.run("status", "any", "--server", server).exitCode())
                .isEqualTo(8);
        assertThat(RunCommand.run("migrations", "--server", server).exitCode()).isEqualTo(8);
        RunCommand cutover = RunCommand.run("cutover", "a/b", "--confirm", "a/b", "--server", server);
        assertThat(cutover.exitCode()).isEqualTo(8);
        assertThat(cutover.err()).contains(server).contains("--server");
    }
}
