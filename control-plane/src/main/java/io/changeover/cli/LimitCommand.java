package io.changeover.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Limits a load. */
@Command(
        name = "limit",
        description = "Limits what the full load takes of the source, also while it runs. Without options there is no"
                + " limit any more.",
        mixinStandardHelpOptions = true)
final class LimitCommand implements Runnable {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(paramLabel = "MIGRATION/DATABASE", description = "The database pair, by its source's name.")
    private String pair = "";

    @Option(
            names = "--readers",
            paramLabel = "NUMBER",
            description = "Tables, or parts of them, that are read at once.")
    private @Nullable Long readers;

    @Option(
            names = "--bytes-per-second",
            paramLabel = "NUMBER",
            description = "Of all readers together, as COPY carries them.")
    private @Nullable Long bytesPerSecond;

    @Override
    public void run() {
        PairName name = PairName.parse(pair);
        Map<String, Long> limits = new LinkedHashMap<>();
        if (readers != null) {
            limits.put("readers", readers);
        }
        if (bytesPerSecond != null) {
            limits.put("bytesPerSecond", bytesPerSecond);
        }
        server.client().limitLoad(name.migration(), name.database(), limits);
        System.out.println("The load of " + pair + " has " + (limits.isEmpty() ? "no limit" : "the limits " + limits));
    }
}
