package io.changeover.cli;

import io.changeover.access.Access;
import io.changeover.access.Caller;
import io.changeover.access.NewToken;
import io.changeover.access.Role;
import io.changeover.spec.CutoverMode;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.Secrets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Migrates what a file says, from the preflight to the report. Started again with the same file, it goes on. */
@Command(
        name = "migrate",
        description = "Migrates the databases of a migration file.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0  all databases are completed and equal on both sides",
            "  1  it failed; started again with the same file it goes on",
            "  2  the arguments or the file are wrong",
            "  3  the preflight found what must be mended first; nothing was changed",
            "  5  source and target differ"
        })
final class MigrateCommand implements Callable<Integer> {

    /** Written when a migration is created: from then on its own leftovers are no obstacle. */
    private static final String BEGUN = "begun";

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "The migration file.")
    private Path file = Path.of("");

    @Option(
            names = "--cutover",
            paramLabel = "auto|manual",
            description = "auto: switch as soon as the target follows; manual: wait for changeover cutover or REST."
                    + " Overrides the file, which says manual if it says nothing.")
    private @Nullable CutoverMode cutover;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the report as JSON, too.")
    private @Nullable Path report;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = ListenAddress.DEFAULT,
            converter = ListenAddress.OfThisMachine.class,
            description = "Where REST answers (default: ${DEFAULT-VALUE}).")
    private InetSocketAddress listen = new InetSocketAddress(0);

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "Who may ask REST for what: lines of changeover token new. Without it everybody on this"
                    + " machine may do everything.")
    private @Nullable Path tokens;

    @Mixin
    private final SecretOptions secretOptions = new SecretOptions();

    @Mixin
    private final KafkaOption kafka = new KafkaOption();

    @Mixin
    private final HookOptions hookOptions = new HookOptions();

    @Option(
            names = "--work-dir",
            paramLabel = "DIR",
            description = "Where the migration keeps its files (default: ~/.changeover/NAME).")
    private @Nullable Path workDirectory;

    @Override
    public Integer call() throws InterruptedException, IOException {
        // the name first, because everything from here on may write to the log, which is in the work directory
        String name = read(Optional.empty()).name();
        Access access = new Access(AccessOptions.tokens(tokens).stream().toList(), Set.of(), Optional.empty());
        Path work = WorkDirectories.open(Optional.ofNullable(workDirectory).orElseGet(() -> WorkDirectories.of(name)));
        Secrets secrets = new Secrets(System.getenv());
        MigrationSpec spec = LiteralPasswords.moved(read(Optional.of(secrets)), work);
        if (!Files.exists(work.resolve(BEGUN))) {
            MigrationRun.preflight(spec, secrets, kafka.of(spec.cluster(), secrets));
        }
        Secrets bounded = secretOptions.ofFile(spec, spec.cluster(), work);
        try (OnExit exit = new OnExit()) {
            NewToken own = NewToken.of(new Caller("migrate", Role.OPERATOR));
            Stack stack = exit.stop(Stack.start(
                    work,
                    kafka.of(spec.cluster(), bounded),
                    listen,
                    access.with(own.authenticator()),
                    bounded,
                    hookOptions.scope().with(spec)));
            System.err.println("REST answers at " + stack.api() + ", files are in " + work);
            return run(spec, stack, new ApiClient(stack.api(), Credentials.of(own)), work);
        }
    }

    private int run(MigrationSpec spec, Stack stack, ApiClient client, Path work)
            throws InterruptedException, IOException {
        MigrationRun run = new MigrationRun(spec, client);
        Files.writeString(work.resolve(BEGUN), "");
        run.start();
        if (spec.cutover().mode() == CutoverMode.MANUAL) {
            System.err.println("When it is READY_TO_CUTOVER, say: changeover cutover " + spec.name() + "/"
                    + spec.databases().get(0).source() + " --confirm " + spec.name() + "/"
                    + spec.databases().get(0).source() + " --server " + stack.api());
        }
        List<DatabaseLook> looks = run.watch(View.forThisTerminal(), look -> {});
        Report result = run.report(looks, Map.of());
        System.out.print(result.text());
        if (report != null) {
            result.write(report);
        }
        return MigrationRun.exitCode(looks, result);
    }

    private MigrationSpec read(Optional<Secrets> secrets) {
        MigrationSpec spec = MigrationFileOption.read(file, secrets);
        return cutover == null ? spec : spec.withCutover(spec.cutover().withMode(cutover));
    }
}
