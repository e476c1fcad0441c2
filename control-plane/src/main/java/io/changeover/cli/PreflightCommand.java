package io.changeover.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.changeover.api.Json;
import io.changeover.api.PreflightView;
import io.changeover.preflight.FindingsText;
import io.changeover.preflight.JUnitFindings;
import io.changeover.preflight.Preflight;
import io.changeover.preflight.PreflightReport;
import io.changeover.preflight.PreflightRequest;
import io.changeover.preflight.Tools;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.Secrets;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks at what a migration file names, without a control plane and without changing anything. */
@Command(
        name = "preflight",
        description = "Says what is in the way of a migration, and how to mend it. Changes nothing.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0  nothing blocks: the migration may begin",
            "  2  the arguments or the file are wrong",
            "  3  something blocks"
        })
final class PreflightCommand implements Callable<Integer> {

    /** How findings are written. */
    enum Format {
        TABLE,
        JSON,
        JUNIT
    }

    @Mixin
    private final MigrationFileOption file = new MigrationFileOption();

    @Mixin
    private final KafkaOption kafka = new KafkaOption();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json|junit",
            defaultValue = "table",
            description = "How to write what is found (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TABLE;

    @Option(names = "--resume", description = "The migration has begun before: what it has made itself is no obstacle.")
    private boolean resume;

    @Override
    public Integer call() throws JsonProcessingException {
        Secrets secrets = new Secrets(System.getenv());
        MigrationSpec spec = file.read(Optional.of(secrets));
        LiteralPasswords.requireReferences(spec);
        PreflightReport report = new Preflight(Tools::onPath, Clock.systemUTC())
                .check(PreflightRequest.of(spec, spec.databases(), secrets, resume, kafka.of(spec.cluster(), secrets)));
        System.out.print(
                switch (format) {
                    case TABLE -> FindingsText.render(report.findings());
                    case JSON ->
                        Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(PreflightView.of(report))
                                + "\n";
                    case JUNIT -> JUnitFindings.render(spec.name(), report);
                });
        return report.blocks() ? ExitCode.PREFLIGHT : ExitCode.OK;
    }
}
