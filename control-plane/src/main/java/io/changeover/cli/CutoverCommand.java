package io.changeover.cli;

import io.changeover.api.Views;
import io.changeover.migration.DatabaseState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a cutover. */
@Command(
        name = "cutover",
        description = "Starts the cutover of a database that is ready for it, or of all databases of a migration"
                + " together.",
        mixinStandardHelpOptions = true)
final class CutoverCommand implements Callable<Integer> {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(
            paramLabel = "MIGRATION[/DATABASE]",
            description = "The migration, or one of its databases by its source's name.")
    private String name = "";

    @Option(
            names = "--confirm",
            required = true,
            paramLabel = "MIGRATION[/DATABASE]",
            description = "The same once more: from now on applications write to the target.")
    private String confirm = "";

    @Option(
            names = "--at",
            defaultValue = "",
            paramLabel = "TIME",
            description = "Not before, for example 2026-11-28T03:00:00Z.")
    private String at = "";

    @Option(
            names = "--within",
            defaultValue = "",
            paramLabel = "DURATION",
            description = "Not later than this after --at, or after now: PT15M. Otherwise as late as it takes.")
    private String within = "";

    @Option(names = "--wait", description = "Wait for its end.")
    private boolean wait;

    @Override
    public Integer call() throws InterruptedException {
        if (!confirm.equals(name)) {
            throw new CommandFailed(ExitCode.USAGE, "To confirm, repeat the name: --confirm " + name);
        }
        MigrationOrDatabase named = MigrationOrDatabase.parse(name);
        String migration = named.migration();
        Optional<String> database = named.database();
        Map<String, String> body = new LinkedHashMap<>();
        body.put("confirm", name);
        if (!at.isEmpty()) {
            body.put("at", at);
        }
        if (!within.isEmpty()) {
            body.put("within", within);
        }
        ApiClient client = server.client();
        client.cutover(migration, database, body);
        if (!wait) {
            System.out.println("The cutover of " + name + (at.isEmpty() ? " begins" : " begins at " + at)
                    + "; see: changeover status " + migration + " --watch");
            return ExitCode.OK;
        }
        return end(client, migration, database);
    }

    private static int end(ApiClient client, String migration, Optional<String> database) throws InterruptedException {
        while (true) {
            List<Views.DatabaseView> pairs = DatabaseLook.all(client, migration, 0).stream()
                    .map(DatabaseLook::view)
                    .filter(view -> database.isEmpty() || database.get().equals(view.source()))
                    .toList();
            if (pairs.stream().noneMatch(CutoverCommand::isUnderWay)) {
                pairs.forEach(view -> System.out.println(view.source() + " is " + view.state()
                        + view.reason().map(why -> ": " + why).orElse("")));
                return exitCode(pairs);
            }
            TimeUnit.MILLISECONDS.sleep(View.EVERY.toMillis());
        }
    }

    private static boolean isUnderWay(Views.DatabaseView view) {
        return (view.cutover().requested() && view.cutover().result().isEmpty())
                || view.state().equals(DatabaseState.CUTTING_OVER.name());
    }

    private static int exitCode(List<Views.DatabaseView> pairs) {
        if (pairs.stream().allMatch(view -> view.cutover().result().isPresent())) {
            return ExitCode.OK;
        }
        return pairs.stream().anyMatch(view -> view.cutover().abortedBy().isPresent())
                ? ExitCode.ABORTED
                : ExitCode.FAILED;
    }
}
