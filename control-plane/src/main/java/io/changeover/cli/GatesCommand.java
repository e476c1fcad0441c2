package io.changeover.cli;

import io.changeover.api.CutoverResource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what has to hold for a cutover. */
@Command(
        name = "gates",
        description = "Shows what has to hold for the cutover of a database, as it is now.",
        mixinStandardHelpOptions = true)
final class GatesCommand implements Callable<Integer> {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(paramLabel = "MIGRATION/DATABASE", description = "The database pair, by its source's name.")
    private String pair = "";

    @Override
    public Integer call() {
        PairName name = PairName.parse(pair);
        List<CutoverResource.GateView> gates = server.client().gates(name.migration(), name.database());
        for (CutoverResource.GateView gate : gates) {
            System.out.printf(
                    "%-8s %-22s %s (%s)%n", gate.ok() ? "ok" : "BLOCKS", gate.name(), gate.value(), gate.threshold());
            gate.blocker().ifPresent(why -> System.out.println("         " + why));
        }
        return gates.stream().allMatch(CutoverResource.GateView::ok) ? ExitCode.OK : ExitCode.NOT_READY;
    }
}
