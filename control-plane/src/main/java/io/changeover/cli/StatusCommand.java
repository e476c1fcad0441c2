package io.changeover.cli;

import io.changeover.api.Views;
import io.changeover.migration.DatabaseState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a migration, once or on and on. */
@Command(name = "status", description = "Shows how far a migration is.", mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    /** What {@code -o json} shows. */
    private record Status(String migration, List<Views.DatabaseView> databases) {}

    @Mixin
    private final ServerOption server = new ServerOption();

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "MIGRATION", description = "The migration's name.")
    private String name = "";

    @Option(names = "--watch", description = "Go on until all databases are at rest.")
    private boolean watch;

    @Option(
            names = "--wait-for",
            paramLabel = "STATE",
            converter = StateOption.class,
            description = "Go on until every database is in this state, for example READY_TO_CUTOVER.")
    private @Nullable DatabaseState waitFor;

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
        if (!watch && waitFor == null) {
            List<DatabaseLook> looks = DatabaseLook.all(client, name, output.isTable() ? Integer.MAX_VALUE : 0);
            output.print(status(looks), () -> TableText.of(looks));
            return ExitCode.OK;
        }
        return follow(client, output.isTable() ? View.forThisTerminal() : new ProgramView());
    }

    private int follow(ApiClient client, View view) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            List<DatabaseLook> looks = DatabaseLook.all(client, name, view.mostTables());
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
            } else if (looks.stream().allMatch(DatabaseLook::atRest)) {
                return ExitCode.OK;
            }
            TimeUnit.MILLISECONDS.sleep(View.EVERY.toMillis());
        }
    }

    private Status status(List<DatabaseLook> looks) {
        return new Status(name, looks.stream().map(DatabaseLook::view).toList());
    }

    /** Every look, for a program. */
    private final class ProgramView implements View {

        @Override
        public void show(List<DatabaseLook> looks) {
            output.printNext(status(looks));
        }

        @Override
        public int mostTables() {
            return 0;
        }
    }
}
