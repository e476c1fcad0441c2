package io.changeover.preflight;

import static io.changeover.preflight.Rule.when;

import io.changeover.postgres.Identifier;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks of a target that is to be captured after the cutover, and fenced in a rollback. What the old source needs in
 * return is what it needs as a source.
 */
final class FallbackRules {

    private static final List<Rule<SourceServerFacts>> SERVER =
            List.of(FallbackRules::walLevel, FallbackRules::replication, FallbackRules::room, FallbackRules::sessions);

    private FallbackRules() {}

    /**
     * What is in the way.
     *
     * @param server the target's, asked as a source is
     */
    static Stream<Finding> check(SourceServerFacts server, DatabaseFacts database, PreflightRequest request) {
        return request.fallback()
                ? Stream.concat(Rule.checkAll(SERVER, server, request), owner(server, database))
                : Stream.empty();
    }

    private static Stream<Finding> walLevel(SourceServerFacts facts, PreflightRequest request) {
        return when(
                !facts.walLevel().equals("logical"),
                FindingCode.FALLBACK_NOT_POSSIBLE,
                facts.server().object(),
                "wal_level is " + facts.walLevel() + "; the way back captures the target, which takes logical.",
                facts.server().provider() == Provider.RDS
                        ? CloudCommands.restartParameter(facts.server(), "rds.logical_replication", "1")
                        : CloudCommands.restartParameter(facts.server(), "wal_level", "logical"));
    }

    private static Stream<Finding> replication(SourceServerFacts facts, PreflightRequest request) {
        String role = Identifier.quote(facts.server().role().name());
        return when(
                !facts.server().role().replicates(),
                FindingCode.FALLBACK_NOT_POSSIBLE,
                facts.server().object(),
                "The role " + facts.server().role().name() + " may not read the stream of changes, which the way back"
                        + " needs.",
                Fix.sql(
                        facts.server().provider() == Provider.RDS
                                ? "grant rds_replication to " + role + ";"
                                : "alter role " + role + " with replication;"));
    }

    private static Stream<Finding> room(SourceServerFacts facts, PreflightRequest request) {
        int wanted = request.pairs().size();
        int slots = facts.maxSlots() - facts.slots().size();
        int senders = facts.maxWalSenders() - facts.walSenders();
        return when(
                !request.resume() && Math.min(slots, senders) < wanted,
                FindingCode.FALLBACK_NOT_POSSIBLE,
                facts.server().object(),
                "The way back needs a replication slot and a WAL sender for each database; " + Math.max(0, slots)
                        + " and " + Math.max(0, senders) + " are free, and " + wanted + " needed.",
                "raise max_replication_slots and max_wal_senders, which takes a restart; or drop slots that nobody"
                        + " uses");
    }

    private static Stream<Finding> sessions(SourceServerFacts facts, PreflightRequest request) {
        return when(
                !facts.server().role().endsSessions(),
                FindingCode.FALLBACK_NOT_POSSIBLE,
                facts.server().object(),
                "The role " + facts.server().role().name() + " may not end sessions of others, which the fence of a"
                        + " rollback has to.",
                Fix.sql(facts.server().grant("pg_signal_backend")));
    }

    private static Stream<Finding> owner(SourceServerFacts facts, DatabaseFacts database) {
        return when(
                !database.owned(),
                FindingCode.FALLBACK_NOT_POSSIBLE,
                database.object(),
                "A rollback makes the database read-only, which only its owner may do. The role "
                        + facts.server().role().name() + " does not have the rights of " + database.owner() + ".",
                Fix.sql(facts.server().grant(database.owner())));
    }
}
