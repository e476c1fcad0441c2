package io.changeover.cli;

import io.changeover.contract.Version;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry of the command. */
@Command(
        name = "changeover",
        description = "Moves live PostgreSQL databases to another server while applications keep writing.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            PreflightCommand.class,
            PlanCommand.class,
            MigrateCommand.class,
            UpCommand.class,
            MigrationsCommand.class,
            StatusCommand.class,
            LagCommand.class,
            TablesCommand.class,
            ApplyCommand.class,
            LifecycleCommand.Start.class,
            LifecycleCommand.Pause.class,
            LifecycleCommand.Resume.class,
            LifecycleCommand.Stop.class,
            SchemaReportCommand.class,
            LimitCommand.class,
            ReloadCommand.class,
            DdlCommand.class,
            GatesCommand.class,
            RehearseCommand.class,
            VerifyCommand.class,
            CutoverCommand.class,
            AbortCommand.class,
            RollbackCommand.class,
            LifecycleCommand.Cancel.class,
            LifecycleCommand.Finish.class,
            ReportCommand.class,
            DeleteCommand.class,
            CompletionCommand.class,
            TokenCommand.class,
            BenchCommand.class
        })
public final class Main {

    private Main() {}

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        CommandLine command = new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
        command.setExecutionExceptionHandler((exception, failed, parsed) -> {
            if (exception instanceof CommandFailed known) {
                failed.getErr().println(known.getMessage());
                failed.getErr().flush();
                return known.exitCode();
            }
            LoggerFactory.getLogger(Main.class).error("The command failed", exception);
            failed.getErr().println("changeover failed: " + causes(exception));
            failed.getErr().println("The log says more: " + System.getProperty("changeover.log", "see above"));
            failed.getErr().flush();
            return ExitCode.FAILED;
        });
        if (arguments.length == 0) {
            command.usage(command.getErr());
            return ExitCode.USAGE;
        }
        return command.execute(arguments);
    }

    private static String causes(Throwable exception) {
        return Stream.iterate(exception, Objects::nonNull, Throwable::getCause)
                .map(cause -> String.valueOf(cause.getMessage()))
                .distinct()
                .collect(Collectors.joining(": "));
    }

    /** The version for {@code --version}. */
    static final class Versions implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"changeover " + Version.current()};
        }
    }
}
