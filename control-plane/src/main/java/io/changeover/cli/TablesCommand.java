package io.changeover.cli;

import io.changeover.api.Views;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows tables of a pair. */
@Command(name = "tables", description = "Shows how far the tables of a database are.", mixinStandardHelpOptions = true)
final class TablesCommand implements Runnable {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "MIGRATION/DATABASE", description = "The database pair, by its source's name.")
    private String pair = "";

    @Option(
            names = "--state",
            paramLabel = "STATE[,STATE]",
            description = "Only tables in one of these states: waiting, loading, catching_up, loaded.")
    private @Nullable String state;

    @Option(names = "--filter", paramLabel = "TEXT", description = "Only tables with this in their name.")
    private @Nullable String filter;

    @Option(
            names = "--sort",
            paramLabel = "[-]COLUMN",
            description =
                    "The order: table, state, rows, estimatedRows, bytes, rowsPerSecond, inserts, updates, deletes,"
                            + " truncates, pending, activity; with - before it the largest first (default: table).")
    private @Nullable String sort;

    @Option(names = "--limit", paramLabel = "NUMBER", description = "At most so many (default: all).")
    private @Nullable String limit;

    @Override
    public void run() {
        PairName name = PairName.parse(pair);
        List<Views.TableView> tables = server.client().tables(name.migration(), name.database(), parameters());
        output.print(tables, () -> TableText.rows(tables));
    }

    private Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        add(parameters, "state", state);
        add(parameters, "q", filter);
        add(parameters, "sort", sort);
        add(parameters, "limit", limit);
        return parameters;
    }

    private static void add(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }
}
