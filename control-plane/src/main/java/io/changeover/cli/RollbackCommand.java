package io.changeover.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts the cutover back to the old source. */
@Command(
        name = "rollback",
        description = "Starts the cutover back to the old source, which has to follow the target (spec.fallback).",
        mixinStandardHelpOptions = true)
final class RollbackCommand implements Callable<Integer> {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(paramLabel = "MIGRATION/DATABASE", description = "The database pair, by its source's name.")
    private String pair = "";

    @Option(
            names = "--confirm",
            required = true,
            paramLabel = "MIGRATION/DATABASE",
            description = "The same once more: from now on applications write to the old source again.")
    private String confirm = "";

    @Option(names = "--wait", description = "Wait until the old source is the one to write to, or it is given up.")
    private boolean wait;

    @Override
    public Integer call() throws InterruptedException {
        PairName name = PairName.parse(pair);
        if (!confirm.equals(pair)) {
            throw new CommandFailed(ExitCode.USAGE, "To confirm, repeat the name: --confirm " + pair);
        }
        ApiClient client = server.client();
        Optional<String> operation = client.rollback(name.migration(), name.database());
        if (wait && operation.isPresent()) {
            return new OperationWait(client, System.out, System.err).end(operation.get(), Duration.ofHours(24));
        }
        System.out.println(
                "The rollback of " + pair + " begins; see: changeover status " + name.migration() + " --watch");
        return ExitCode.OK;
    }
}
