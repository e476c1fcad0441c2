package io.changeover.cli;

import io.changeover.api.DdlResource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows where definitions differ since the migration began, and makes on the target what is safe to make. */
@Command(
        name = "ddl",
        description = "Shows tables that were altered on one side since the migration began, and alters the target.",
        subcommands = {DdlCommand.ListChanges.class, DdlCommand.Apply.class},
        mixinStandardHelpOptions = true)
final class DdlCommand {

    /** Shows them. */
    @Command(
            name = "list",
            description = "Lists what is different, with the statements for the target as far as they are known.",
            mixinStandardHelpOptions = true)
    static final class ListChanges implements Runnable {

        @Mixin
        private final ServerOption server = new ServerOption();

        @Parameters(
                index = "0",
                paramLabel = "MIGRATION/DATABASE",
                description = "The database pair, by its source's name.")
        private String pair = "";

        @Override
        public void run() {
            PairName name = PairName.parse(pair);
            List<DdlResource.ChangeView> changes = server.client().ddl(name.migration(), name.database());
            if (changes.isEmpty()) {
                System.out.println("Nothing is different.");
            }
            for (DdlResource.ChangeView change : changes) {
                System.out.println(change.table() + ": " + change.description());
                change.recorded()
                        .forEach(each -> System.out.println("    on the source, " + each.at() + " by " + each.role()
                                + (each.application().isEmpty() ? "" : " in " + each.application()) + ": "
                                + each.statement().strip()));
                change.statements().forEach(statement -> System.out.println("    " + statement + ";"));
                if (change.offered()) {
                    System.out.println("    offered: changeover ddl apply " + pair + " " + change.table());
                }
            }
        }
    }

    /** Makes what is offered. */
    @Command(
            name = "apply",
            description = "Makes on the target what is offered: new columns without or with a constant default, new"
                    + " partitions and tables, which are then loaded.",
            mixinStandardHelpOptions = true)
    static final class Apply implements Callable<Integer> {

        @Mixin
        private final ServerOption server = new ServerOption();

        @Parameters(
                index = "0",
                paramLabel = "MIGRATION/DATABASE",
                description = "The database pair, by its source's name.")
        private String pair = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "SCHEMA.TABLE",
                description = "Of this table only. Otherwise of all.")
        private String table = "";

        @Override
        public Integer call() {
            PairName name = PairName.parse(pair);
            List<DdlResource.ResultView> results = server.client().applyDdl(name.migration(), name.database(), table);
            if (results.isEmpty()) {
                System.out.println("Nothing is offered; see: changeover ddl list " + pair);
            }
            for (DdlResource.ResultView result : results) {
                System.out.println(result.table() + ": " + (result.done() ? "" : "NOT DONE: ") + result.description());
            }
            return results.stream().allMatch(DdlResource.ResultView::done) ? ExitCode.OK : ExitCode.FAILED;
        }
    }
}
