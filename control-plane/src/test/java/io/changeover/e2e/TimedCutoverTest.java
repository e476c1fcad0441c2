package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.cutover.Cutover;
import io.changeover.cutover.CutoverGivenUp;
import io.changeover.cutover.Sides;
import io.changeover.cutover.Terms;
import io.changeover.cutover.Verification;
import io.changeover.fault.CrashPoint;
import io.changeover.migration.Names;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.TableSelection;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cutover that takes too long, is aborted, dies at each of its points, and is made at last. */
@Timeout(300)
@ExtendWith(StackExtension.class)
class TimedCutoverTest {

    /** The process is gone there. */
    private static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    private int written;

    @Test
    void whateverBecomesOfItTheSourceIsWritableOrTheTargetHasEverything(SharedStack stack, Databases databases)
            throws Exception {
        Api api = stack.api();
        databases.onSource(
                "create table public.t (id int primary key)",
                "create sequence public.s",
                "create function public.slow() returns int language plpgsql stable as"
                        + " 'begin perform pg_catalog.pg_sleep(case when exists"
                        + " (select from public.t where id = -1) then 60 else 0 end); return 1; end'",
                "create materialized view public.v as select public.slow() as one");
        api.begin(stack.spec(databases, SchemaMode.COPY));
        api.awaitState(databases, "READY_TO_CUTOVER");

        assertGatesAreGreenButForAnOldTransaction(api, databases);
        diesAtEachPoint(api, databases);
        takesTooLong(api, databases);
        isNotFencedTooLate(api, databases);
        isAborted(api, databases);
        isRehearsed(api, databases);
        isAskedForManyTimes(api, databases);

        Api.assertEqual(api.awaitEnd(databases));
        assertThat(api.put(path(databases) + "/abort").status()).isEqualTo(409);
    }

    private static void assertGatesAreGreenButForAnOldTransaction(Api api, Databases databases) throws Exception {
        await("green gates").until(() -> blocked(api, databases).isEmpty());
        try (Connection application = Databases.plain(databases.target(Servers.APPLICATION));
                Statement statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("select pg_catalog.txid_current()");
            assertThat(blocked(api, databases)).containsExactly("target writers");
            assertThat(api.cutover(databases).status()).isEqualTo(409);
            application.rollback();
        }
    }

    private static List<String> blocked(Api api, Databases databases) {
        List<String> names = new ArrayList<>();
        api.get(path(databases) + "/gates").body().forEach(gate -> {
            if (!gate.path("ok").asBoolean()) {
                names.add(gate.path("name").asText());
            }
        });
        return names;
    }

    private void diesAtEachPoint(Api api, Databases databases) throws Exception {
        List<CrashPoint> points = Stream.of(CrashPoint.values())
                .filter(point -> point.part().equals("cutover"))
                .filter(point -> point.compareTo(CrashPoint.CUTOVER_BEFORE_RECORD) < 0) // those are the runner's
                .toList();
        for (CrashPoint deadly : points) {
            Terms terms = Terms.within(Duration.ofSeconds(40)).telling(point -> {
                if (point == deadly) {
                    throw new Died();
                }
            });
            assertThatThrownBy(() -> Cutover.perform(sides(databases), terms))
                    .as(deadly.id())
                    .isInstanceOf(Died.class);
            Cutover.rollBack(databases.source(Servers.MIGRATOR), databases.target(Servers.MIGRATOR));
            arrives(api, databases, deadly.id());
        }
    }

    private void takesTooLong(Api api, Databases databases) throws Exception {
        databases.onSource("insert into public.t values (-1)");
        arrives(api, databases, "before it takes too long");
        CutoverSpec spec = CutoverSpec.within(Duration.ofSeconds(40)).withMaxFreeze(Duration.ofSeconds(3));
        long begin = System.nanoTime();

        assertThatThrownBy(() -> Cutover.perform(sides(databases), Terms.of(spec, Verification.NONE, Optional::empty)))
                .isInstanceOf(CutoverGivenUp.class)
                .hasMessageContaining("spec.cutover.maxFreeze")
                .hasMessageContaining("materialized views");

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(40));
        arrives(api, databases, "after it took too long");
    }

    /** The last moment comes while the fence waits for a transaction. */
    private void isNotFencedTooLate(Api api, Databases databases) throws Exception {
        try (Connection application = Databases.plain(databases.source(Servers.APPLICATION));
                Statement statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("insert into public.t values (-2)");
            AtomicReference<Optional<String>> late = new AtomicReference<>(Optional.empty());
            Terms terms = Terms.within(Duration.ofSeconds(60)).unless(late::get).telling(point -> {
                if (point == CrashPoint.CUTOVER_BEFORE_FENCE) {
                    late.set(Optional.of("The cutover did not begin until noon"));
                }
            });

            assertThatThrownBy(() -> Cutover.perform(sides(databases), terms))
                    .isInstanceOf(CutoverGivenUp.class)
                    .hasMessageContaining("did not begin until noon: ");

            application.rollback();
        }
        arrives(api, databases, "after it was too late");
    }

    private void isAborted(Api api, Databases databases) throws Exception {
        await("a cutover that may begin")
                .atMost(Duration.ofSeconds(90))
                .until(() -> api.cutover(databases).status() == 202);
        api.awaitState(databases, "CUTTING_OVER");
        String operation = api.send("PUT", path(databases) + "/abort", "")
                .headers()
                .firstValue("Location")
                .map(found -> found.substring(found.lastIndexOf("/operations/")))
                .orElseThrow();
        assertThat(many(() -> api.put(path(databases) + "/abort").status())).isSubsetOf(202, 409);
        JsonNode end = await("the end of the abort")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> api.get(operation).body(),
                        seen -> !seen.path("state").asText().equals("running"));
        assertThat(end.path("state").asText()).isEqualTo("done");
        assertThat(end.path("result").asText()).contains("Aborted by", "the source is writable");
        JsonNode after = api.database(databases);
        assertThat(after.path("state").asText()).isNotEqualTo("CUTTING_OVER");
        assertThat(after.path("cutover").path("abortedBy").asText()).isNotEmpty();
        assertThat(requests(api, databases, "abort")).isEqualTo(1);
        databases.onSource("delete from public.t where id = -1");
        arrives(api, databases, "after it was aborted");
    }

    private static void isRehearsed(Api api, Databases databases) {
        api.awaitState(databases, "READY_TO_CUTOVER");
        assertThat(api.post(path(databases) + "/rehearse", "{\"runs\": 2}").status())
                .isEqualTo(202);
        JsonNode rehearsal = await("a rehearsal")
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.database(databases).path("cutover").path("rehearsal"), seen -> seen.has("runs"));
        assertThat(rehearsal.path("runs").asInt()).isEqualTo(2);
        assertThat(rehearsal.path("phases").size()).isGreaterThan(5);
    }

    private static void isAskedForManyTimes(Api api, Databases databases) throws Exception {
        long before = requests(api, databases, "cutover");
        await("a cutover that may begin")
                .atMost(Duration.ofSeconds(90))
                .until(() -> many(() -> api.cutover(databases).status()).contains(202));
        assertThat(requests(api, databases, "cutover")).isEqualTo(before + 1);
    }

    /** What is written now, is written, and arrives. */
    private void arrives(Api api, Databases databases, String when) throws Exception {
        written++;
        databases.onSource("insert into public.t values (" + written + ")");
        await(when).atMost(Duration.ofSeconds(60)).until(() -> {
            if (api.database(databases).path("state").asText().equals("FAILED")) {
                api.start(databases.migration()); // whose sink lost the stream to nobody it knows of, several times
            }
            return !databases
                    .askTarget("select id from public.t where id = " + written)
                    .isEmpty();
        });
    }

    private static List<Integer> many(Supplier<Integer> request) {
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(CompletableFuture.supplyAsync(request));
        }
        return all.stream().map(CompletableFuture::join).toList();
    }

    private static long requests(Api api, Databases databases, String what) {
        long count = 0;
        for (JsonNode entry :
                api.get("/migrations/" + databases.migration() + "/audit").body()) {
            count += entry.path("what").asText().equals(what) ? 1 : 0;
        }
        return count;
    }

    private static Sides sides(Databases databases) {
        return new Sides(
                databases.source(Servers.MIGRATOR),
                databases.target(Servers.MIGRATOR),
                new Names(databases.migration(), databases.name()),
                TableSelection.ALL);
    }

    private static String path(Databases databases) {
        return "/migrations/" + databases.migration() + "/databases/" + databases.name();
    }
}
