package io.changeover.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Has the control plane forget a migration. */
@Command(
        name = "delete",
        description = "Forgets a migration that was never started, was cancelled, or is finished.",
        mixinStandardHelpOptions = true)
final class DeleteCommand implements Runnable {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(paramLabel = "MIGRATION", description = "The migration's name.")
    private String name = "";

    @Override
    public void run() {
        server.client().delete(name);
        System.out.println(name + " is deleted");
    }
}
