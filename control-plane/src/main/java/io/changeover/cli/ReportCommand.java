package io.changeover.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes what came of a migration; {@code report verify} checks a signature. */
@Command(
        name = "report",
        description = "Writes what came of a migration, for people, programs and auditors.",
        subcommands = ReportVerifyCommand.class,
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

    /** A form. */
    enum Form {
        TEXT,
        JSON,
        MD,
        HTML
    }

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(arity = "0..1", paramLabel = "MIGRATION", description = "The migration's name.")
    private String name = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|md|html",
            defaultValue = "text",
            description = "How to write it; all but text are for an auditor (default: ${DEFAULT-VALUE}).")
    private Form form = Form.TEXT;

    @Option(names = "--out", paramLabel = "FILE", description = "Write it to a file.")
    private @Nullable Path out;

    @Option(
            names = "--sign-key",
            paramLabel = "FILE",
            description = "Sign the file with this private Ed25519 key (PEM) into FILE.sig. The key stays here.")
    private @Nullable Path key;

    @Override
    public Integer call() {
        if (name.isEmpty()) {
            throw new CommandFailed(ExitCode.USAGE, "The name of a migration is missing: changeover report MIGRATION");
        }
        if (key != null && out == null) {
            throw new CommandFailed(ExitCode.USAGE, "--sign-key signs a file: --out names it");
        }
        Optional<PrivateKey> signer = Optional.ofNullable(key).map(ReportSignature::privateKey);
        ApiClient client = server.client();
        List<DatabaseLook> looks = DatabaseLook.all(client, name);
        Report report = Report.of(name, looks, client::schemaReport, Map.of());
        write(
                switch (form) {
                    case TEXT -> report.text();
                    case JSON -> client.report(name, "application/json");
                    case MD -> client.report(name, "text/markdown");
                    case HTML -> client.report(name, "text/html");
                },
                signer);
        if (looks.stream().allMatch(DatabaseLook::atRest)) {
            return MigrationRun.exitCode(looks, report);
        }
        System.err.println("It is not at its end: the report is of what it has done so far");
        return ExitCode.NOT_READY;
    }

    private void write(String text, Optional<PrivateKey> signer) {
        Path file = out;
        if (file == null) {
            System.out.print(text);
            System.out.flush();
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            Files.write(file, bytes);
            if (signer.isPresent()) {
                Files.write(ReportSignature.of(file), ReportSignature.sign(bytes, signer.get()));
            }
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "The report cannot be written to " + file + ": " + e);
        }
    }
}
