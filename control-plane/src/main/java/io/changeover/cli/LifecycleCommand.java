package io.changeover.cli;

import io.changeover.migration.Side;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks for something for a migration, or for one of its databases. */
abstract class LifecycleCommand implements Runnable {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(
            paramLabel = "MIGRATION[/DATABASE]",
            description = "The migration, or one of its databases by its source's name.")
    private String name = "";

    private final String verb;
    private final String then;

    /**
     * A command.
     *
     * @param verb of the API
     * @param then what happens now, for people
     */
    LifecycleCommand(String verb, String then) {
        this.verb = verb;
        this.then = then;
    }

    /** What is sent along; empty for nothing. */
    Optional<Map<String, Object>> body(String wanted) {
        return Optional.empty();
    }

    @Override
    public void run() {
        MigrationOrDatabase named = MigrationOrDatabase.parse(name);
        String migration = named.migration();
        Optional<String> database = named.database();
        server.client().ask(migration, database, verb, body(name));
        System.out.println(name + " " + then + "; see: changeover status " + migration);
    }

    /** Stops writing to the target. */
    @Command(
            name = "pause",
            description = "Writes nothing more to the target; what changes on the source is kept in the topic.",
            mixinStandardHelpOptions = true)
    static final class Pause extends LifecycleCommand {
        Pause() {
            super("pause", "is paused when what is under way is done");
        }
    }

    /** Stops everything. */
    @Command(
            name = "stop",
            description = "Stops all of it, also the capture: from then on the source keeps its WAL.",
            mixinStandardHelpOptions = true)
    static final class Stop extends LifecycleCommand {
        Stop() {
            super("stop", "is stopped when what is under way is done");
        }
    }

    /** Goes on. */
    @Command(name = "resume", description = "Goes on after pause or stop.", mixinStandardHelpOptions = true)
    static final class Resume extends LifecycleCommand {
        Resume() {
            super("resume", "goes on");
        }
    }

    /** Starts. */
    @Command(
            name = "start",
            aliases = "restart",
            description = "Starts a migration that is CREATED, and goes on with what has FAILED.",
            mixinStandardHelpOptions = true)
    static final class Start extends LifecycleCommand {
        Start() {
            super("start", "is started");
        }
    }

    /** Repeats the name, so that nothing is removed by mistake. */
    abstract static class Confirmed extends LifecycleCommand {

        @Option(
                names = "--confirm",
                required = true,
                paramLabel = "MIGRATION[/DATABASE]",
                description = "The same once more.")
        private String confirm = "";

        @Option(
                names = "--without",
                split = ",",
                paramLabel = "source|target",
                description =
                        "A server that is gone for ever. What was made there is listed with the SQL to remove it; see"
                                + " changeover status.")
        private List<Side> gone = new ArrayList<>();

        Confirmed(String verb, String then) {
            super(verb, then);
        }

        @Override
        Optional<Map<String, Object>> body(String wanted) {
            if (!confirm.equals(wanted)) {
                throw new CommandFailed(ExitCode.USAGE, "To confirm, repeat the name: --confirm " + wanted);
            }
            return Optional.of(
                    gone.isEmpty()
                            ? Map.of("confirm", wanted)
                            : Map.of(
                                    "confirm",
                                    wanted,
                                    "without",
                                    gone.stream().map(Side::word).toList()));
        }
    }

    /** Gives up. */
    @Command(
            name = "cancel",
            description = "Gives a migration up before its cutover and removes what was made for it: connectors, slot,"
                    + " publication, topics, the schema changeover. Rows and tables of the target stay.",
            mixinStandardHelpOptions = true)
    static final class Cancel extends Confirmed {
        Cancel() {
            super("cancel", "is being cancelled");
        }
    }

    /** Removes the rest. */
    @Command(
            name = "finish",
            description = "Removes what a completed migration has left: topics and the schema changeover of the target."
                    + " The source can be written to again.",
            mixinStandardHelpOptions = true)
    static final class Finish extends Confirmed {

        @Option(names = "--despite-clients", description = "Also if somebody still uses the source.")
        private boolean despiteClients;

        Finish() {
            super("finish", "is being finished");
        }

        @Override
        Optional<Map<String, Object>> body(String wanted) {
            return super.body(wanted).map(confirmed -> {
                Map<String, Object> body = new LinkedHashMap<>(confirmed);
                body.put("despiteClients", despiteClients);
                return body;
            });
        }
    }
}
