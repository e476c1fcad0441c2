package io.changeover.cli;

import com.fasterxml.jackson.databind.ObjectWriter;
import io.changeover.api.Json;
import io.changeover.plan.Look;
import io.changeover.plan.Plan;
import io.changeover.plan.PlanReader;
import io.changeover.plan.PlanText;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what a migration will make, before it does. */
@Command(
        name = "plan",
        description = "Lists what a migration will make and alter, where, and with which privileges. Changes nothing.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExit codes:%n",
        footer = {"  0  here it is", "  2  the arguments or the file are wrong", "  8  a server does not answer"})
final class PlanCommand implements Callable<Integer> {

    /** How a plan is written. */
    enum Format {
        TABLE,
        JSON
    }

    private static final ObjectWriter JSON = Json.mapper().writerWithDefaultPrettyPrinter();

    @Mixin
    private final MigrationFileOption file = new MigrationFileOption();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            defaultValue = "table",
            description = "How to write the plan (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TABLE;

    @Option(
            names = "--emit",
            paramLabel = "DIR",
            description = "Write the plan and a file for each connector, as Kafka Connect takes it, into a directory.")
    private @Nullable Path directory;

    @Option(
            names = "--offline",
            description = "Do not ask the servers: what depends on them is told in general, for PostgreSQL 14 and"
                    + " later.")
    private boolean offline;

    @Override
    public Integer call() throws IOException {
        Secrets secrets = new Secrets(System.getenv());
        MigrationSpec spec = file.read(offline ? Optional.empty() : Optional.of(secrets));
        LiteralPasswords.requireReferences(spec);
        MigrationSpec shown = LiteralPasswords.hidden(spec);
        Plan plan = Plan.of(shown, offline ? Map.of() : looks(spec, secrets));
        System.out.print(
                switch (format) {
                    case TABLE -> PlanText.render(plan);
                    case JSON -> JSON.writeValueAsString(plan) + "\n";
                });
        if (directory != null) {
            emit(plan, directory);
        }
        return ExitCode.OK;
    }

    private static Map<String, Look> looks(MigrationSpec spec, Secrets secrets) {
        Map<String, Look> looks = new HashMap<>();
        for (DatabasePair pair : spec.databases()) {
            try {
                looks.put(pair.source(), PlanReader.look(spec, pair, secrets));
            } catch (SQLException e) {
                throw new CommandFailed(
                        ExitCode.CONNECTION,
                        "The databases " + pair.source() + " and " + pair.target() + " cannot be looked at: "
                                + e.getMessage() + ". changeover preflight says more; --offline does without them");
            }
        }
        return looks;
    }

    private static void emit(Plan plan, Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("plan.json"), JSON.writeValueAsString(plan) + "\n");
        Files.writeString(directory.resolve("plan.txt"), PlanText.render(plan));
        for (Map.Entry<String, Map<String, String>> connector :
                plan.connectors().entrySet()) {
            Files.writeString(
                    directory.resolve(connector.getKey() + ".json"),
                    JSON.writeValueAsString(new Connector(connector.getKey(), connector.getValue())) + "\n");
        }
        System.err.println("Written to " + directory + ": plan.json, plan.txt and "
                + plan.connectors().size() + " connectors");
    }

    /** What {@code POST /connectors} takes. */
    private record Connector(String name, Map<String, String> config) {}
}
