package io.changeover.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts the cutover back to the old source. */
@Command(
        name = "rollback",
        description = "Starts the cutover back to the old source, which has to follow the target (spec.fallback).",
        mixinStandardHelpOptions = true)
final class RollbackCommand implements Runnable {

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

    @Override
    public void run() {
        PairName name = PairName.parse(pair);
        if (!confirm.equals(pair)) {
            throw new CommandFailed(ExitCode.USAGE, "To confirm, repeat the name: --confirm " + pair);
        }
        server.client().rollback(name.migration(), name.database());
        System.out.println(
                "The rollback of " + pair + " begins; see: changeover status " + name.migration() + " --watch");
    }
}
