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
        int slash = pair.indexOf('/');
        if (slash < 1) {
            throw new CommandFailed(ExitCode.USAGE, "Name the database as MIGRATION/DATABASE, not " + pair);
        }
        if (!confirm.equals(pair)) {
            throw new CommandFailed(ExitCode.USAGE, "To confirm, repeat the name: --confirm " + pair);
        }
        server.client().cutover(pair.substring(0, slash), pair.substring(slash + 1));
        System.out.println(
                "The cutover of " + pair + " begins; see: changeover status " + pair.substring(0, slash) + " --watch");
    }
}
