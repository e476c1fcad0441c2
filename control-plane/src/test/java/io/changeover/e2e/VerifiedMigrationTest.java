package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.kafka.KafkaClients;
import io.changeover.migration.Names;
import io.changeover.postgres.Connections;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.TableSelection;
import io.changeover.spec.VerificationMode;
import io.changeover.spec.VerificationSpec;
import io.changeover.verify.live.AtFence;
import io.changeover.verify.live.Marks;
import io.changeover.verify.live.Memory;
import io.changeover.verify.live.TableVerification;
import io.changeover.verify.live.Verification;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.replication.LogSequenceNumber;

/** Rows are verified while an application writes, and what is wrong is found before the target is opened. */
@Timeout(240)
@ExtendWith(StackExtension.class)
class VerifiedMigrationTest {

    private static final String[] TABLES = {
        "create table public.rows (id int primary key, v int not null, t text)",
        "create table public.words (word text primary key, n int not null)",
        "create table public.log (at int, line text)",
        "alter table public.log replica identity full",
        "insert into public.rows select n, 0, 'row ' || n from generate_series(1, 60000) n",
        "insert into public.words select 'word ' || n, 0 from generate_series(1, 1000) n",
        "insert into public.log select n % 10, 'same' from generate_series(1, 100) n"
    };

    private static final VerificationSpec REQUIRED =
            new VerificationSpec(VerificationMode.REQUIRED, 2, 100, Duration.ofHours(1));

    @Test
    void whatIsWrongIsFoundAndNothingElseUnderLoad(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        databases.onSource(TABLES);
        AtomicBoolean stop = new AtomicBoolean();
        api.begin(stack.spec(databases, SchemaMode.COPY).withVerification(REQUIRED));
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(databases, stop));
        try {
            api.awaitState(databases, "READY_TO_CUTOVER");
            for (int i = 0; i < Integer.getInteger("verifications", 3); i++) {
                assertThat(verify(api, databases).status()).isEqualTo(200);
                JsonNode done = awaitDone(api, databases);
                assertThat(done.path("tables").findValuesAsText("state"))
                        .as("verification " + (i + 1) + ": " + done)
                        .doesNotContain("DIFFERENT");
                assertThat(table(done, "public.rows").path("state").asText()).isEqualTo("VERIFIED");
                assertThat(table(done, "public.words").path("state").asText()).isEqualTo("VERIFIED");
            }
            databases.onTarget(
                    "set session_replication_role = replica; update public.rows set t = null where id = 59999;"
                            + " delete from public.words where word = 'word 999'");

            assertThat(verify(api, databases).status()).isEqualTo(200);
            JsonNode found = awaitDone(api, databases);
            assertThat(table(found, "public.rows").path("mismatches").findValuesAsText("kind"))
                    .containsExactly("CONTENTS");
            assertThat(table(found, "public.words").path("mismatches").findValuesAsText("kind"))
                    .containsExactly("MISSING");
            await("the cutover to be blocked")
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(api.cutover(databases).body().toString()).contains("CO-2085"));

            databases.onTarget(
                    "set session_replication_role = replica; insert into public.words values ('word 999', 0)");
            databases.onSource("update public.rows set t = 'mended' where id = 59999");
            await("what was mended to be asked for again")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> state(api, databases).path("problems").isEmpty());
        } finally {
            stop.set(true);
            writing.join();
        }
        Api.Answer begun = await("a cutover that may begin")
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.cutover(databases), answer -> answer.status() != 409);
        assertThat(begun.status()).as(begun.body().toString()).isEqualTo(202);
        Api.assertEqual(api.awaitEnd(databases));
        assertThat(verify(api, databases).status()).isEqualTo(409);
    }

    /** Nothing is compared anew by the next control plane but what is not known to hold. */
    @Test
    void whatWasFoundOutlivesTheControlPlane(SharedStack stack, Databases databases) throws Exception {
        JsonNode before;
        try (SharedStack.Plane first = stack.plane()) {
            Api api = first.api();
            databases.onSource(TABLES);
            api.begin(stack.spec(databases, SchemaMode.COPY).withVerification(REQUIRED));
            api.awaitState(databases, "READY_TO_CUTOVER");
            await("all rows to be the same")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> state(api, databases).path("ended").isTextual());
            databases.onTarget(
                    "set session_replication_role = replica; update public.rows set t = null where id = 59999");
            assertThat(api.post(path(databases), "{\"table\": \"public.rows\"}").status())
                    .isEqualTo(200);
            before = await("the difference to be found")
                    .atMost(Duration.ofSeconds(60))
                    .until(
                            () -> state(api, databases),
                            found -> table(found, "public.rows")
                                    .path("state")
                                    .asText()
                                    .equals("DIFFERENT"));
        }
        databases.onSource("update public.words set n = 7 where word = 'word 7'");
        await("a change while nobody verifies")
                .atMost(Duration.ofSeconds(30))
                .until(() -> databases
                        .askTarget("select n from public.words where word = 'word 7'")
                        .contains("7"));
        databases.onTarget("set session_replication_role = replica; update public.words set n = 0 where n = 7;"
                + " update public.rows set t = 'row 59999' where id = 59999");

        Api second = stack.succeed().api();

        JsonNode first = state(second, databases);
        assertThat(table(first, "public.rows").path("state").asText()).isEqualTo("DIFFERENT");
        assertThat(table(first, "public.rows").path("mismatches")).hasSize(1);
        JsonNode found = await("what was changed since to be asked for")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> state(second, databases),
                        now -> table(now, "public.words").path("state").asText().equals("DIFFERENT"));
        assertThat(found.path("began")).isEqualTo(before.path("began"));
        assertThat(found.path("ended")).isEqualTo(before.path("ended"));
        for (String table : List.of("public.words", "public.log")) {
            assertThat(table(found, table).path("at"))
                    .as(table + " was not compared anew")
                    .isEqualTo(table(before, table).path("at"));
        }
        assertThat(table(found, "public.log").path("state").asText()).isEqualTo("VERIFIED");

        databases.onSource("update public.words set n = 8 where word = 'word 7'");
        await("what was mended to be found the same")
                .atMost(Duration.ofSeconds(90))
                .until(() -> state(second, databases).path("problems").isEmpty());
        await("the audit to tell it").atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            String report = second.get("/migrations/" + databases.migration() + "/report")
                    .body()
                    .toString();
            assertThat(report)
                    .contains("started: 3 tables", "finished: 3 tables", "asked for: public.rows")
                    .contains("DIFFERENT: 1 rows differ", "VERIFIED: repaired")
                    .contains("\"outcome\":\"VERIFIED\"");
        });
        assertThat(second.text("/metrics"))
                .contains("changeover_verification_tables{database=\"" + databases.name() + "\",migration=\""
                        + databases.migration() + "\",verification_state=\"verified\"} 3.0");
    }

    @Test
    void aChangeThatWasAppliedWronglyIsFoundAtTheFence(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        databases.onSource(TABLES);
        api.begin(stack.spec(databases, SchemaMode.COPY));
        api.awaitState(databases, "READY_TO_CUTOVER");
        Verification.VerifiedPair pair = new Verification.VerifiedPair(
                databases.source(Servers.MIGRATOR),
                databases.target(Servers.MIGRATOR),
                TableSelection.ALL,
                KafkaClients.plain(stack.bootstrapServers()),
                new Names(databases.migration(), databases.name()).changeTopic(),
                "m/d");
        try (Verification verification =
                new Verification(pair, NeverThere::new, () -> REQUIRED, Memory.NONE, Clock.systemUTC())) {
            verification.ask("operator");
            await("all rows to be compared").atMost(Duration.ofSeconds(60)).until(() -> {
                verification.follow();
                return verification.tables().size() == 3
                        && verification.problems().isEmpty();
            });
            databases.onSource("create table public.later (id int primary key)");
            verification.ask("operator");
            await("a table that the target does not have to be missed")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> {
                        verification.follow();
                        return verification.problems().toString().contains("public.later");
                    });
            databases.onSource("drop table public.later");
            await("a table that is gone to be forgotten")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        verification.follow();
                        return verification.tables().size() == 3
                                && verification.problems().isEmpty();
                    });
            databases.onSource("update public.rows set v = 1 where id = 7");
            await("the change to be seen and applied")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> {
                        verification.follow();
                        return open(verification) > 0
                                && databases
                                        .askTarget("select v from public.rows where id = 7")
                                        .contains("1");
                    });
            databases.onTarget("set session_replication_role = replica; update public.rows set v = 0 where id = 7");

            AtFence wrong = verification.atFence(Duration.ofSeconds(20));
            assertThat(wrong.differences()).singleElement().asString().contains("CO-2085", "1 rows of public.rows");

            databases.onTarget("set session_replication_role = replica; update public.rows set v = 1 where id = 7");
            try (Connection other = Connections.open(databases.target(Servers.MIGRATOR), "changeover-test");
                    Statement lock = other.createStatement()) {
                other.setAutoCommit(false);
                lock.execute("lock table public.rows in access exclusive mode");
                assertThatThrownBy(() -> verification.atFence(Duration.ofSeconds(3)))
                        .isInstanceOf(SQLException.class)
                        .hasFieldOrPropertyWithValue("SQLState", "57014");
            }
            AtFence right = verification.atFence(Duration.ofSeconds(20));
            assertThat(right.differences()).isEmpty();
            assertThat(right.unfinished()).isEmpty();
            assertThat(right.rows()).isPositive();
        }
    }

    /** Marks that do not arrive: nothing is asked for again before the fence. */
    private static final class NeverThere implements Marks {
        @Override
        public LogSequenceNumber pass(Duration patience) throws NotPassed {
            throw new NotPassed("not in time", new IllegalStateException());
        }

        @Override
        public void close() {}
    }

    private static long open(Verification verification) {
        return verification.tables().stream().mapToLong(TableVerification::open).sum();
    }

    private static void write(Databases databases, AtomicBoolean stop) {
        for (int turn = 0; !stop.get(); turn++) {
            int id = 1 + turn % 50_000;
            try {
                databases.onSource("update public.rows set v = v + 1 where id = " + id + " or id = 1;"
                        + " insert into public.rows values (" + (100_000 + turn) + ", 0, 'new');"
                        + " delete from public.rows where id = " + (99_990 + turn) + ";"
                        + " update public.words set n = n + 1, word = word || '.' where word = 'word " + (turn % 900)
                        + "'");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Api.Answer verify(Api api, Databases databases) {
        return api.post(path(databases), "{}");
    }

    private static JsonNode awaitDone(Api api, Databases databases) {
        return await("the verification to be done")
                .atMost(Duration.ofSeconds(90))
                .until(
                        () -> state(api, databases),
                        state -> !state.path("underWay").asBoolean());
    }

    private static JsonNode state(Api api, Databases databases) {
        return api.get(path(databases)).body();
    }

    private static String path(Databases databases) {
        return "/migrations/" + databases.migration() + "/databases/" + databases.name() + "/verification";
    }

    private static JsonNode table(JsonNode verification, String name) {
        for (JsonNode table : verification.path("tables")) {
            if (table.path("table").asText().equals(name)) {
                return table;
            }
        }
        throw new AssertionError("no table " + name + " in " + verification);
    }
}
