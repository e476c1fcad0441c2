package io.changeover.cli;

import io.changeover.access.Access;
import io.changeover.api.VerificationResource;
import io.changeover.api.Views;
import io.changeover.demo.DemoServers;
import io.changeover.demo.DvdRental;
import io.changeover.demo.Rows;
import io.changeover.demo.ServerTally;
import io.changeover.demo.WriteLoad;
import io.changeover.hook.HookScope;
import io.changeover.migration.DatabaseState;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.FallbackSpec;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.SecretScope;
import io.changeover.spec.Secrets;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows a whole migration on two servers of its own, under a write load that moves with it. */
@Command(
        name = "demo",
        description = "Migrates a sample database between two local servers while an application writes to it.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final String NAME = "demo";
    private static final Duration WATCHED = Duration.ofSeconds(8);
    private static final long AFTERWARDS_TRANSACTIONS = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(
            names = "--scale",
            defaultValue = "1",
            paramLabel = "NUMBER",
            description = "The sample's size; 1 is about 200,000 rows (default: ${DEFAULT-VALUE}).")
    private double scale = 1;

    @Option(
            names = "--transactions-per-second",
            defaultValue = "200",
            paramLabel = "NUMBER",
            description = "How fast the application writes (default: ${DEFAULT-VALUE}).")
    private int transactionsPerSecond = 200;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON, too.")
    private @Nullable Path json;

    @Option(
            names = "--rollback",
            description = "Switch back to the source in the end, with what was written to the target meanwhile.")
    private boolean rollback;

    @Option(names = "--keep", description = "Leave everything running at the end, until Ctrl-C.")
    private boolean keep;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:0",
            converter = ListenAddress.OfThisMachine.class,
            description = "Where REST answers (default: a free port of 127.0.0.1).")
    private InetSocketAddress listen = new InetSocketAddress(0);

    @Override
    public Integer call() throws InterruptedException, IOException, SQLException {
        requirePositive();
        Path work = WorkDirectories.open(Files.createTempDirectory("changeover-demo"));
        try (OnExit exit = new OnExit()) {
            exit.stop(() -> WorkDirectories.delete(work));
            say("Starting a source PostgreSQL 14 and a target PostgreSQL 17");
            DemoServers servers = exit.stop(DemoServers.start());
            say("Making the sample database dvdrental on the source");
            Rows rows = fill(servers);
            say("It has " + Words.number(rows.total()) + " rows in "
                    + rows.byTable().size() + " tables");
            AtomicReference<ServerSettings> writeTo = new AtomicReference<>(servers.source("dvdrental"));
            WriteLoad load = exit.stop(
                    WriteLoad.start(writeTo::get, new WriteLoad.Settings(2, transactionsPerSecond, System.nanoTime())));
            say("An application writes " + transactionsPerSecond + " transactions per second to it");
            return migrate(exit, work, servers, writeTo, load);
        }
    }

    private void requirePositive() {
        if (!(scale > 0 && scale <= 1000)) {
            throw new CommandFailed(ExitCode.USAGE, "--scale must be more than 0 and at most 1000");
        }
        if (transactionsPerSecond < 1) {
            throw new CommandFailed(ExitCode.USAGE, "--transactions-per-second must be at least 1");
        }
    }

    private Rows fill(DemoServers servers) throws SQLException {
        try (Connection owner = Connections.open(servers.source("dvdrental"), "dvdrental")) {
            return DvdRental.create(owner, scale, 1);
        }
    }

    private int migrate(
            OnExit exit, Path work, DemoServers servers, AtomicReference<ServerSettings> writeTo, WriteLoad load)
            throws InterruptedException, SQLException {
        MigrationSpec spec = LiteralPasswords.moved(spec(servers), work);
        MigrationRun.preflight(spec, new Secrets(System.getenv()), Optional.empty());
        say("Starting a Kafka broker, a Kafka Connect worker and the control plane");
        Stack stack = exit.stop(Stack.start(
                work,
                Optional.empty(),
                listen,
                Access.OPEN,
                new Secrets(System.getenv(), SecretScope.of(spec, work)),
                HookScope.NOTHING));
        say("REST answers at " + stack.api() + ", Kafka Connect at " + stack.connectUrl());
        ApiClient client = new ApiClient(stack.api(), Credentials.NONE);
        MigrationRun run = new MigrationRun(spec, client);
        run.start();
        Moves moves = new Moves(client, servers, writeTo);
        View view = View.forThisTerminal();
        WayBackWait back = new WayBackWait();
        List<DatabaseLook> looks = run.watch(
                view,
                moves::act,
                seen -> back.isOver(seen.get(0).view())
                        && (load.failure().isPresent() || writtenToTarget(load) >= AFTERWARDS_TRANSACTIONS));
        Map<String, Object> seen = new LinkedHashMap<>(moves.seen);
        seen.putAll(switched(load));
        seen.put("afterwards", String.join("; ", FallbackText.lines(looks.get(0).view())));
        if (rollback && load.failure().isEmpty()) {
            seen.putAll(new DemoRollback(client, NAME, DemoServers.DATABASE, load::transactions)
                    .run(() -> writeTo.set(servers.source("dvdrental"))));
        }
        load.close();
        seen.put("acknowledged and missing", missing(load, servers).orElse("nothing"));
        Report report = run.report(looks, seen);
        System.out.print(report.text());
        if (rollback) {
            say("The source is the one to write to again, with all that was written to the target.");
        }
        if (json != null) {
            report.write(json);
        }
        stayIfWanted(exit, stack, servers);
        return MigrationRun.exitCode(looks, report) == ExitCode.OK && !applicationIsWell(load, servers)
                ? ExitCode.DIFFERENT
                : MigrationRun.exitCode(looks, report);
    }

    private static MigrationSpec spec(DemoServers servers) {
        return new MigrationSpec(
                        NAME,
                        server(servers.source(DemoServers.MIGRATOR)),
                        server(servers.target(DemoServers.MIGRATOR)),
                        List.of(new DatabasePair(DemoServers.DATABASE, DemoServers.DATABASE)),
                        SchemaMode.COPY,
                        RolesMode.LEAVE,
                        ReplicaIdentityMode.KEEP,
                        LoadSpec.DEFAULT,
                        CutoverSpec.DEFAULT,
                        Optional.empty())
                .withFallback(new FallbackSpec(true));
    }

    private static ServerSpec server(ServerSettings settings) {
        return new ServerSpec(
                settings.host(),
                settings.port(),
                settings.user(),
                settings.password(),
                SslMode.DISABLE,
                Optional.empty());
    }

    /** What the demo does as the migration goes on: asks for the cutover, and sends the application to the target. */
    private static final class Moves {

        private final ApiClient client;
        private final DemoServers servers;
        private final AtomicReference<ServerSettings> writeTo;
        private final Map<String, Object> seen = new LinkedHashMap<>();
        private long readySince;

        Moves(ApiClient client, DemoServers servers, AtomicReference<ServerSettings> writeTo) {
            this.client = client;
            this.servers = servers;
            this.writeTo = writeTo;
        }

        void act(List<DatabaseLook> looks) {
            Views.DatabaseView database = looks.get(0).view();
            switch (DatabaseState.valueOf(database.state())) {
                case READY_TO_CUTOVER -> cutOverWhenSeen(database);
                case CUTTING_OVER -> followTheSwitch();
                case COMPLETED -> writeTo.set(servers.target("dvdrental"));
                default -> readySince = 0;
            }
        }

        private void cutOverWhenSeen(Views.DatabaseView database) {
            if (readySince == 0) {
                readySince = System.nanoTime();
            }
            if (System.nanoTime() - readySince > WATCHED.toNanos()
                    && !database.cutover().requested()) {
                seen.put("verified while changes flowed", verified());
                client.cutover(NAME, DemoServers.DATABASE);
                followTheSwitch();
            }
        }

        private String verified() {
            List<VerificationResource.TableView> tables =
                    client.verification(NAME, DemoServers.DATABASE).tables();
            long rows = tables.stream()
                    .filter(table -> table.state().equals("VERIFIED"))
                    .mapToLong(VerificationResource.TableView::rows)
                    .sum();
            long equal = tables.stream()
                    .filter(table -> table.state().equals("VERIFIED"))
                    .count();
            return Words.number(rows) + " rows of " + equal + " tables, of " + tables.size();
        }

        /** An application's own switch: look often until the target is open, then go there. */
        private void followTheSwitch() {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < deadline) {
                String state = client.database(NAME, DemoServers.DATABASE).state();
                if (state.equals(DatabaseState.COMPLETED.name())) {
                    writeTo.set(servers.target("dvdrental"));
                    return;
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private static long writtenToTarget(WriteLoad load) {
        List<ServerTally> tallies = load.acknowledged();
        return tallies.size() < 2 ? 0 : tallies.get(1).transactions();
    }

    private static Map<String, Object> switched(WriteLoad load) {
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("application", load.failure().map(Throwable::toString).orElse("no error"));
        load.acknowledged()
                .forEach(tally -> seen.put("written to " + tally.server(), tally.transactions() + " transactions"));
        load.pauseAtSwitch().ifPresent(pause -> seen.put("pause at the switch", pause.toMillis() + " ms"));
        return seen;
    }

    /** On the server that is the one to write to in the end. */
    private Optional<String> missing(WriteLoad load, DemoServers servers) throws SQLException {
        ServerSettings last = rollback ? servers.source("dvdrental") : servers.target("dvdrental");
        try (Connection connection = Connections.open(last, "changeover-demo")) {
            return load.missingOn(connection);
        }
    }

    private boolean applicationIsWell(WriteLoad load, DemoServers servers) throws SQLException {
        return load.failure().isEmpty()
                && missing(load, servers).isEmpty()
                && writtenToTarget(load) >= AFTERWARDS_TRANSACTIONS;
    }

    private void stayIfWanted(OnExit exit, Stack stack, DemoServers servers) throws InterruptedException {
        if (!keep) {
            return;
        }
        say("");
        say("Everything is left running until Ctrl-C:");
        say("  REST           " + stack.api() + "/api/v1/migrations/" + NAME);
        say("  Kafka Connect  " + stack.connectUrl() + "/connectors");
        say("  source         " + psql(servers.source("dvdrental")));
        say("  target         " + psql(servers.target("dvdrental")));
        CountDownLatch ended = new CountDownLatch(1);
        exit.stop(ended::countDown);
        ended.await();
    }

    private static String psql(ServerSettings server) {
        return "PGPASSWORD=" + server.password() + " psql -h " + server.host() + " -p " + server.port() + " -U "
                + server.user() + " " + server.database();
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
