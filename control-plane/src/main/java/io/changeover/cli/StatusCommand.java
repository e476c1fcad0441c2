package io.changeover.cli;

import io.changeover.api.Views;
import io.changeover.migration.DatabaseState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a migration, once or on and on. */
@Command(name = "status", description = "Shows how far a migration is.", mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(paramLabel = "MIGRATION", description = "The migration's name.")
    private String name = "";

    @Option(names = "--watch", description = "Go on until all databases are at rest.")
    private boolean watch;

    @Option(
            names = "--wait-for",
            paramLabel = "STATE",
            converter = StateOption.class,
            description = "Go on until every database is in this state, for example READY_TO_CUTOVER.")
    private @org.jspecify.annotations.Nullable DatabaseState waitFor;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "24h",
            converter = DurationOption.class,
            description = "How long --wait-for may take, for example 90s, 30m or 2h (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofHours(24);

    @Override
    public Integer call() throws InterruptedException {
        ApiClient client = server.client();
        View view = View.forThisTerminal(watch || waitFor != null);
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            List<DatabaseLook> looks = DatabaseLook.all(client, name);
            view.show(looks);
            List<String> states = looks.stream()
                    .map(DatabaseLook::view)
                    .map(Views.DatabaseView::state)
                    .toList();
            if (waitFor != null) {
                if (states.stream().allMatch(waitFor.name()::equals)) {
                    return ExitCode.OK;
                }
                if (states.contains(DatabaseState.FAILED.name())) {
                    return ExitCode.FAILED;
                }
                if (System.nanoTime() > deadline) {
                    System.err.println("Not all databases were " + waitFor + " in " + timeout);
                    return ExitCode.TIMEOUT;
                }
            } else if (!watch || looks.stream().allMatch(DatabaseLook::atRest)) {
                return ExitCode.OK;
            }
            TimeUnit.MILLISECONDS.sleep(View.EVERY.toMillis());
        }
    }
}
