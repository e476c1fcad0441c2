package io.changeover.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a cutover. */
@Command(
        name = "cutover",
        description = "Starts the cutover of a database that is ready for it.",
        mixinStandardHelpOptions = true)
final class CutoverCommand implements Runnable {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(paramLabel = "MIGRATION/DATABASE", description = "The database pair, by its source's name.")
    private String pair = "";

    @Option(
            names = "--confirm",
            required = true,
            paramLabel = "MIGRATION/DATABASE",
            description = "The same once more: from now on applications write to the target.")
    private String confirm = "";

    @Override
    public void run() {
        PairName name = PairName.parse(pair);
        if (!confirm.equals(pair)) {
            throw new CommandFailed(ExitCode.USAGE, "To confirm, repeat the name: --confirm " + pair);
        }
        server.client().cutover(name.migration(), name.database());
        System.out.println(
                "The cutover of " + pair + " begins; see: changeover status " + name.migration() + " --watch");
    }
}
