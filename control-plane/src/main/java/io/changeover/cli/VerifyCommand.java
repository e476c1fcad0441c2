package io.changeover.cli;

import io.changeover.api.VerificationResource.EarlierView;
import io.changeover.api.VerificationResource.TableView;
import io.changeover.api.VerificationResource.VerificationView;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has rows compared while changes flow, and shows what was found. */
@Command(
        name = "verify",
        description = "Compares all rows of both sides while changes flow, and shows what was found.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(
            index = "0",
            paramLabel = "MIGRATION/DATABASE",
            description = "The database pair, by its source's name.")
    private String pair = "";

    @Option(names = "--table", paramLabel = "SCHEMA.TABLE", description = "Of this table only; its differing rows too.")
    private String table = "";

    @Option(names = "--show", description = "Shows what was found until now; compares nothing anew.")
    private boolean show;

    @Option(names = "--wait", description = "Waits until it is done. Exit code 5 if rows differ.")
    private boolean wait;

    @Option(
            names = "--repair",
            paramLabel = "SCHEMA.TABLE",
            description = "Loads this table again, as reload does, and compares it then.")
    private String repair = "";

    @Override
    public Integer call() {
        PairName name = PairName.parse(pair);
        if (!repair.isEmpty()) {
            server.client().reload(name.migration(), name.database(), repair);
            System.out.println("Table " + repair + " will be loaded again, and compared then");
            return ExitCode.OK;
        }
        if (!show) {
            server.client().verify(name.migration(), name.database(), table);
        }
        VerificationView found = server.client().verification(name.migration(), name.database());
        while (wait && found.underWay()) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            found = server.client().verification(name.migration(), name.database());
        }
        print(found);
        return wait && found.tables().stream().anyMatch(each -> each.state().equals("DIFFERENT"))
                ? ExitCode.DIFFERENT
                : ExitCode.OK;
    }

    private static String words(EarlierView earlier) {
        return "; before: " + earlier.state()
                + earlier.lsn().map(lsn -> " at " + lsn).orElse("")
                + earlier.at().map(at -> " " + at).orElse("");
    }

    private void print(VerificationView found) {
        List<TableView> tables = found.tables().stream()
                .filter(each -> table.isEmpty() || each.table().equals(table))
                .toList();
        int width = tables.stream()
                .map(each -> each.table().length())
                .max(Comparator.naturalOrder())
                .orElse(0);
        for (TableView each : tables) {
            System.out.printf(
                    "%-" + Math.max(1, width) + "s  %-18s %,d rows, %d open%s%s%n",
                    each.table(),
                    each.state(),
                    each.rows(),
                    each.open(),
                    each.mismatches().isEmpty() ? "" : ", " + each.mismatches().size() + " differ",
                    each.note().map(note -> " (" + note + ")").orElse("")
                            + each.at()
                                    .map(at -> ", at " + each.lsn().orElse("") + " " + at)
                                    .orElse("")
                            + each.earlier().map(VerifyCommand::words).orElse(""));
            if (!table.isEmpty()) {
                each.mismatches().forEach(row -> System.out.println("    key " + row.key() + ": " + row.kind()));
            }
        }
        found.ended()
                .ifPresent(at -> System.out.println("All tables were verified last at " + at
                        + found.askedBy().map(who -> ", asked for by " + who).orElse("") + "."));
        System.out.println(found.underWay() ? "Under way." : tables.isEmpty() ? "Nothing is compared." : "Done.");
    }
}
