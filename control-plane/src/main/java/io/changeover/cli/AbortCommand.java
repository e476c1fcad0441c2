package io.changeover.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets writers go on, and ends when they can. */
@Command(
        name = "abort",
        description = "Has a cutover or a rollback given up that is not completed, and waits until it is undone: the"
                + " side that was fenced is writable again. One that has not begun is withdrawn.",
        mixinStandardHelpOptions = true)
final class AbortCommand implements Callable<Integer> {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(
            paramLabel = "MIGRATION[/DATABASE]",
            description = "The migration, or one of its databases by its source's name.")
    private String name = "";

    @Option(names = "--no-wait", description = "Return when it has been accepted.")
    private boolean noWait;

    @Option(
            names = "--timeout",
            defaultValue = "24h",
            converter = DurationOption.class,
            paramLabel = "DURATION",
            description = "How long to wait (default: ${DEFAULT-VALUE}); then the exit code is 6, and it goes on.")
    private Duration timeout = Duration.ofHours(24);

    @Override
    public Integer call() throws InterruptedException {
        MigrationOrDatabase named = MigrationOrDatabase.parse(name);
        String migration = named.migration();
        Optional<String> database = named.database();
        ApiClient client = server.client();
        Optional<String> operation = client.begin(migration, database, "abort");
        if (operation.isEmpty()) {
            System.out.println(name + " was aborted before; see: changeover status " + migration);
            return ExitCode.OK;
        }
        if (noWait) {
            System.out.println(name + " is being aborted; see: changeover status " + migration + " --watch");
            return ExitCode.OK;
        }
        return new OperationWait(client, System.out, System.err).end(operation.get(), timeout);
    }
}
