package io.changeover.preflight;

import static io.changeover.preflight.Rule.when;

import io.changeover.postgres.Identifier;
import io.changeover.preflight.FixCommand.Kind;
import io.changeover.preflight.PreflightRequest.Pair;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Checks of what a source database holds besides tables as such. */
final class ContentRules {

    static final List<Rule<SourceFacts>> ALL = List.of(
            ContentRules::size,
            ContentRules::partitioned,
            ContentRules::inherited,
            ContentRules::readOnly,
            ContentRules::locks,
            ContentRules::otherMigrations);

    /**
     * A cautious pace of the load, with the indexes made after it: measured ones are a multiple on the same network.
     */
    private static final long BYTES_PER_SECOND = 20L << 20;

    private ContentRules() {}

    private static Stream<Finding> size(SourceFacts facts, PreflightRequest request) {
        long bytes = facts.content().bytes();
        Duration load = Duration.ofSeconds(Math.max(1, bytes / BYTES_PER_SECOND));
        return Stream.of(FindingCode.SIZE_AND_DURATION.on(
                facts.database().object(),
                "The tables have " + Phrases.size(bytes) + " with their indexes. At "
                        + Phrases.size(BYTES_PER_SECOND) + " per second the load takes " + Phrases.about(load)
                        + "; it is often faster. The target needs as much disk, and a third more for its WAL while it"
                        + " loads.",
                disk(facts.server())));
    }

    private static Fix disk(ServerFacts server) {
        String text =
                "nothing to do if both servers have the disk; the source keeps WAL while the capture does not run";
        return switch (server.provider()) {
            case RDS ->
                Fix.command(
                        text,
                        new FixCommand(
                                Kind.AWS,
                                "aws cloudwatch get-metric-statistics --namespace AWS/RDS --metric-name FreeStorageSpace"
                                        + " --dimensions Name=DBInstanceIdentifier,Value="
                                        + CloudCommands.instance(server.host())
                                        + " --start-time <time> --end-time <time> --period 300 --statistics Minimum"));
            case AZURE ->
                Fix.command(
                        text,
                        new FixCommand(
                                Kind.AZ,
                                "az postgres flexible-server show --resource-group <resource-group> --name "
                                        + CloudCommands.azureName(server.host()) + " --query storage"));
            case OTHER -> Fix.text(text);
        };
    }

    private static Stream<Finding> partitioned(SourceFacts facts, PreflightRequest request) {
        return when(
                !facts.content().partitioned().isEmpty(),
                FindingCode.TABLES_PARTITIONED,
                facts.database().object(),
                "A partition that is made after the start is not migrated by itself, and the cutover is refused while"
                        + " there is one. Partitioned: "
                        + Phrases.some(facts.content().partitioned()) + ".",
                "stop partition maintenance until the cutover, or make the partitions of that time before the start");
    }

    private static Stream<Finding> inherited(SourceFacts facts, PreflightRequest request) {
        return when(
                !facts.content().inherited().isEmpty(),
                FindingCode.TABLES_INHERITED,
                facts.database().object(),
                "Tables inherit from " + Phrases.some(facts.content().inherited())
                        + ". Each is migrated with its own rows; a key of the parent does not hold for the children.",
                "nothing to do");
    }

    private static Stream<Finding> readOnly(SourceFacts facts, PreflightRequest request) {
        String database = Identifier.quote(facts.database().name());
        return when(
                facts.content().readOnly(),
                FindingCode.SOURCE_IS_READ_ONLY,
                facts.database().object(),
                "Sessions of applications can only read (default_transaction_read_only): as after a cutover, or on a full"
                        + " disk.",
                Fix.sql(
                        "if an earlier migration left it so and is over: alter database " + database
                                + " reset default_transaction_read_only;",
                        new String[] {"alter database " + database + " reset default_transaction_read_only;"}));
    }

    /** The fence locks every table in one transaction, and pg_dump does so, too. */
    private static Stream<Finding> locks(SourceFacts facts, PreflightRequest request) {
        long tables = facts.tables().size();
        return when(
                tables > facts.locks(),
                FindingCode.LOCKS_SCARCE,
                facts.database().object(),
                "The cutover locks all " + tables + " tables in one transaction, and the server has room for "
                        + facts.locks() + " locks.",
                CloudCommands.restartParameter(
                        facts.server(), "max_locks_per_transaction", String.valueOf(Math.max(128, tables / 50))));
    }

    private static Stream<Finding> otherMigrations(SourceFacts facts, PreflightRequest request) {
        List<String> ours = request.pairs().stream().map(Pair::slot).toList();
        List<String> others = facts.content().otherSlots().stream()
                .filter(slot -> !ours.contains(slot))
                .toList();
        return when(
                !others.isEmpty(),
                FindingCode.MIGRATED_BY_ANOTHER,
                facts.database().object(),
                "Another migration reads this database, or was left behind: " + Phrases.some(others)
                        + ". The cutover of one stops the writes for both.",
                "finish or cancel the other one; a slot that nothing uses: select pg_drop_replication_slot('"
                        + (others.isEmpty() ? "" : others.get(0).replace("'", "''")) + "');");
    }
}
