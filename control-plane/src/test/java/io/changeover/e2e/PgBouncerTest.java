package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.changeover.hook.HookCall;
import io.changeover.hook.HookResult;
import io.changeover.hook.HookScope;
import io.changeover.hook.Hooks;
import io.changeover.hook.Limit;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.FreePort;
import io.changeover.spec.FallbackSpec;
import io.changeover.spec.HookFailure;
import io.changeover.spec.HookMoment;
import io.changeover.spec.HookSpec;
import io.changeover.spec.HookStep;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.Secrets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The hook of config/hooks, against a real PgBouncer. */
@Timeout(240)
@ExtendWith(StackExtension.class)
class PgBouncerTest {

    private static final String NEEDED = "needs PgBouncer: apt-get install pgbouncer";

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static final ServerSettings SHOP =
            new ServerSettings("h", 5432, "shop", "app", "", "disable", Optional.empty());

    @TempDir
    private Path files;

    @Test
    void theApplicationIsHeldAndSwitchedThereAndBackWithoutAnError(Databases databases) throws Exception {
        assumeTrue(PgBouncer.program().isPresent(), NEEDED);
        String table = "create table public.t (id int primary key)";
        databases.onSource(table);
        databases.onTarget(table);
        ServerSettings source = databases.source(Servers.APPLICATION);
        ServerSettings target = databases.target(Servers.APPLICATION);
        try (PgBouncer bouncer = PgBouncer.start(files, source);
                Application application = new Application(bouncer.way(source))) {
            Path script = bouncer.script(Files.createTempDirectory(files, "hooks"), source.user());
            application.awaitWrites(source);
            assertThatAHoldThatIsNotInTimeIsTakenBack(script, bouncer.way(source), application);

            for (ServerSettings to : List.of(target, source)) {
                assertThat(run(script, to, "hold", TIMEOUT).end()).isEqualTo(HookResult.End.DONE);
                assertThat(run(script, to, "switch", TIMEOUT).end()).isEqualTo(HookResult.End.DONE);
                application.awaitWrites(to);
                assertThat(bouncer.databases()).contains("port=" + to.port(), "pool_size=5");
            }

            assertThat(application.end()).isEmpty();
            List<String> written = databases.askSource("select id from public.t");
            written.addAll(databases.askTarget("select id from public.t"));
            assertThat(written).hasSameElementsAs(application.acknowledgedIds()).doesNotHaveDuplicates();
        }
    }

    @Test
    @Tag("faults")
    void anApplicationKnowsOfNoErrorInACutoverAndARollback(SharedStack stack, Databases databases) throws Exception {
        assumeTrue(PgBouncer.program().isPresent(), NEEDED);
        Api api = stack.api();
        databases.onSource("create table public.t (id int primary key)");
        ServerSettings direct = databases.source(Servers.APPLICATION);
        try (PgBouncer bouncer = PgBouncer.start(files, direct);
                Application application = new Application(bouncer.way(direct))) {
            MigrationSpec spec = stack.spec(databases, SchemaMode.COPY)
                    .withFallback(new FallbackSpec(true))
                    .withHooks(hooks(bouncer.script(stack.hooks(), direct.user())));
            api.begin(spec);
            api.awaitState(databases, "READY_TO_CUTOVER");

            await("a cutover that may begin").until(() -> api.cutover(databases).status() == 202);
            application.awaitWrites(databases.target(Servers.APPLICATION));
            await("the way back").atMost(Duration.ofSeconds(60)).until(() -> rollBack(api, databases) == 202);
            api.awaitState(databases, "ROLLED_BACK");
            application.awaitWrites(direct);

            assertThat(application.end()).isEmpty();
            assertThat(databases.askSource("select id from public.t order by 1"))
                    .containsExactlyElementsOf(application.acknowledgedIds());
        }
    }

    @Test
    void thereIsNoCutoverWhilePgBouncerCannotBeAsked() throws Exception {
        Path databases = Files.writeString(files.resolve("databases.ini"), "[databases]\nshop = host=h\n");
        Path script = PgBouncer.script(files, databases, FreePort.any(), "admin");
        Path without = PgBouncer.script(files, files.resolve("none.ini"), FreePort.any(), "admin");

        HookResult hold = run(script, SHOP, "hold", TIMEOUT);

        assertThat(hold.end()).isEqualTo(HookResult.End.FAILED);
        assertThat(hold.output())
                .startsWith("PgBouncer did not PAUSE \"shop\":")
                .contains("onnection refused");
        assertThat(run(without, SHOP, "hold", TIMEOUT).output()).contains("none.ini has no line \"shop = …\"");
        assertThat(databases).hasContent("[databases]\nshop = host=h\n");
    }

    /** A transaction is open for longer than the hook may wait. */
    private static void assertThatAHoldThatIsNotInTimeIsTakenBack(
            Path script, ServerSettings way, Application application) throws Exception {
        try (Connection other = Databases.plain(way);
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("insert into public.t values (0)");

            assertThat(run(script, way, "hold", Duration.ofSeconds(1)).end()).isEqualTo(HookResult.End.TIMED_OUT);

            other.rollback();
        }
        assertThat(run(script, way, "resume", TIMEOUT).end()).isEqualTo(HookResult.End.DONE);
        assertThat(run(script, way, "resume", TIMEOUT).end()).as("again").isEqualTo(HookResult.End.DONE);
        application.awaitMoreWrites();
    }

    /** As the control plane has it run, which sends applications to this server. */
    private static HookResult run(Path script, ServerSettings to, String what, Duration timeout) throws Exception {
        HookSpec spec = HookSpec.command(
                what, HookMoment.BEFORE, HookStep.FENCE, List.of(script.toString(), what), timeout, HookFailure.VETO);
        Map<String, String> facts = Map.of(
                "database",
                to.database(),
                "target_host",
                to.host(),
                "target_port",
                String.valueOf(to.port()),
                "target_database",
                to.database(),
                HookCall.KEY,
                script + what);
        return new Hooks(HookScope.of(List.of(script.getParent()), List.of()), new Secrets(Map.of()))
                .run(new HookCall(spec, facts, List.of()), new Limit(timeout, Optional::empty));
    }

    private static List<HookSpec> hooks(Path script) {
        return List.of(
                HookSpec.command(
                        "hold",
                        HookMoment.BEFORE,
                        HookStep.FENCE,
                        List.of(script.toString(), "hold"),
                        TIMEOUT,
                        HookFailure.VETO),
                HookSpec.command(
                        "switch",
                        HookMoment.AFTER,
                        HookStep.COMPLETED,
                        List.of(script.toString(), "switch"),
                        TIMEOUT,
                        HookFailure.WARN),
                HookSpec.command(
                        "resume",
                        HookMoment.AFTER,
                        HookStep.GIVEN_UP,
                        List.of(script.toString(), "resume"),
                        TIMEOUT,
                        HookFailure.WARN));
    }

    private static int rollBack(Api api, Databases databases) {
        return api.post(
                        "/migrations/" + databases.migration() + "/databases/" + databases.name() + "/rollback",
                        "{\"confirm\": \"" + databases.migration() + "/" + databases.name() + "\"}")
                .status();
    }

    /** Writes all the time, over one connection that it never opens again. */
    private static final class Application implements AutoCloseable {

        private static final Duration PACE = Duration.ofMillis(5);

        private final AtomicBoolean ended = new AtomicBoolean();
        private final Set<Integer> acknowledged = new ConcurrentSkipListSet<>();
        private final Connection connection;
        private final Thread thread = new Thread(this::write, "application");
        private volatile int port;
        private volatile String error = "";

        Application(ServerSettings way) throws SQLException {
            connection = Databases.plain(way);
            thread.start();
        }

        private void write() {
            try (Statement statement = connection.createStatement()) {
                for (int id = 1; !ended.get(); id++) {
                    try (ResultSet written = statement.executeQuery(
                            "insert into public.t values (" + id + ") returning inet_server_port()")) {
                        written.next();
                        acknowledged.add(id);
                        port = written.getInt(1);
                    }
                    LockSupport.parkNanos(PACE.toNanos());
                }
            } catch (SQLException e) {
                error = e.toString();
            }
        }

        void awaitWrites(ServerSettings server) {
            await("writes to port " + server.port())
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> port == server.port() || !error.isEmpty());
        }

        void awaitMoreWrites() {
            int before = acknowledged.size();
            await("more writes").atMost(Duration.ofSeconds(20)).until(() -> acknowledged.size() > before + 10);
        }

        List<String> acknowledgedIds() {
            return acknowledged.stream().map(String::valueOf).toList();
        }

        /** What went wrong. */
        String end() throws InterruptedException {
            ended.set(true);
            thread.join();
            return error;
        }

        @Override
        public void close() throws SQLException, InterruptedException {
            String unused = end();
            connection.close();
        }
    }
}
