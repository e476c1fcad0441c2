package io.changeover.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rehearses a cutover. */
@Command(
        name = "rehearse",
        description = "Does every step of a cutover but the fence, and nothing that lasts, and predicts the freeze.",
        mixinStandardHelpOptions = true)
final class RehearseCommand implements Runnable {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(paramLabel = "MIGRATION/DATABASE", description = "The database pair, by its source's name.")
    private String pair = "";

    @Option(
            names = "--runs",
            paramLabel = "NUMBER",
            defaultValue = "3",
            description = "How many times (default: ${DEFAULT-VALUE}).")
    private int runs = 3;

    @Override
    public void run() {
        PairName name = PairName.parse(pair);
        server.client().rehearse(name.migration(), name.database(), runs);
        System.out.println("The cutover of " + pair + " is being rehearsed; cutover.rehearsal of: changeover status "
                + name.migration() + " -o json has the result");
    }
}
