package io.changeover.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks the signature of a report; asks no control plane. */
@Command(
        name = "verify",
        description = "Checks that FILE.sig is the signature of FILE by the owner of a key.",
        mixinStandardHelpOptions = true)
final class ReportVerifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "The report, in any form.")
    private Path file = Path.of("");

    @Option(
            names = "--public-key",
            paramLabel = "FILE",
            required = true,
            description = "The signer's public Ed25519 key (PEM).")
    private Path key = Path.of("");

    @Override
    public Integer call() {
        if (ReportSignature.isValid(file, key)) {
            System.out.println(file + " is as it was signed");
            return ExitCode.OK;
        }
        System.err.println(file + " is not what was signed, or not by the owner of this key");
        return ExitCode.DIFFERENT;
    }
}
