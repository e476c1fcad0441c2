package io.changeover.cli;

import io.changeover.api.Views;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how far targets are behind their sources, once or on and on. */
@Command(
        name = "lag",
        description = "Shows how far the target is behind: the positions in the source's WAL, and what is pending.",
        mixinStandardHelpOptions = true)
final class LagCommand implements Runnable {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Mixin
    private final Output output = new Output();

    @Parameters(
            paramLabel = "MIGRATION[/DATABASE]",
            description = "The migration, or one of its databases by its source's name.")
    private String name = "";

    @Option(names = "--watch", description = "Go on until all databases are at rest.")
    private boolean watch;

    /** What {@code -o json} shows of a pair. */
    private record Lag(
            String migration, String source, String target, String state, Optional<Views.PendingView> pending) {}

    @Override
    public void run() {
        ApiClient client = server.client();
        if (!watch) {
            List<DatabaseLook> looks = looks(client);
            output.print(values(looks), () -> LagText.ladders(looks));
            return;
        }
        Redraw screen = new Redraw(System.out);
        while (true) {
            List<DatabaseLook> looks = looks(client);
            if (!output.isTable()) {
                output.printNext(values(looks));
            } else if (View.isTerminal()) {
                screen.show("", LagText.ladders(looks));
            } else {
                System.out.print(LagText.lines(looks));
                System.out.flush();
            }
            if (looks.stream().allMatch(DatabaseLook::atRest)) {
                return;
            }
            pause();
        }
    }

    private List<DatabaseLook> looks(ApiClient client) {
        int slash = name.indexOf('/');
        if (slash < 0) {
            return DatabaseLook.all(client, name, 0);
        }
        PairName pair = PairName.parse(name);
        return List.of(new DatabaseLook(client.database(pair.migration(), pair.database()), List.of()));
    }

    private static List<Lag> values(List<DatabaseLook> looks) {
        return looks.stream()
                .map(DatabaseLook::view)
                .map(view -> new Lag(
                        view.migration(), view.source(), view.target(), view.state(), DatabaseLook.pending(view)))
                .toList();
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.FAILED, "Interrupted");
        }
    }
}
