package io.changeover.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes what makes a shell complete the command. */
@Command(
        name = "completion",
        description = "Writes a script that makes the shell complete commands and options.",
        mixinStandardHelpOptions = true,
        footer = {
            "%nbash:  source <(changeover completion bash)",
            "zsh:   source <(changeover completion zsh)   after autoload -U compinit && compinit"
        })
final class CompletionCommand implements Runnable {

    /** A shell. */
    enum Shell {
        BASH,
        ZSH
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before the command runs
    private CommandSpec command;

    @Parameters(paramLabel = "bash|zsh", description = "The shell.")
    private Shell shell = Shell.BASH;

    @Override
    public void run() {
        if (shell == Shell.ZSH) {
            System.out.println("autoload -U +X bashcompinit && bashcompinit");
        }
        System.out.print(AutoComplete.bash("changeover", command.root().commandLine()));
    }
}
