package io.changeover.preflight;

import static io.changeover.preflight.Rule.when;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.PublishedTables;
import io.changeover.preflight.PreflightRequest.Pair;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Checks that no other migration uses, or left behind, what this one would call its own. */
final class LeftoverRules {

    private LeftoverRules() {}

    static Stream<Finding> targets(PreflightRequest request) {
        Set<String> seen = new HashSet<>();
        return request.pairs().stream()
                .map(Pair::target)
                .filter(target -> !seen.add(target.host() + ":" + target.port() + "/" + target.database()))
                .map(target -> FindingCode.TARGET_LISTED_TWICE.on(
                        Side.TARGET.database(target.database()),
                        "Two databases of the source go to this one.",
                        "give each database of the source a target of its own"));
    }

    static Stream<Finding> slot(Pair pair, SourceServerFacts facts, PreflightRequest request) {
        return when(
                !request.resume() && facts.slots().contains(pair.slot()),
                FindingCode.SLOT_EXISTS,
                Side.SOURCE.database(pair.source().database()),
                "There is a replication slot " + pair.slot() + " already: another migration of this name runs, or "
                        + "left it behind.",
                Fix.text("give this migration another name, or if nothing uses the slot: select"
                        + " pg_drop_replication_slot('" + pair.slot().replace("'", "''") + "');"));
    }

    static Stream<Finding> publication(Pair pair, SourceFacts facts, PreflightRequest request) {
        return when(
                !request.resume() && facts.publications().contains(pair.publication()),
                FindingCode.PUBLICATION_EXISTS,
                facts.database().object(),
                "There is a publication " + pair.publication() + " already: another migration of this name runs, or "
                        + "left it behind.",
                "give this migration another name, or if nothing uses it: "
                        + dropPublication(pair.publication(), facts.server().major()));
    }

    private static String dropPublication(String name, int major) {
        return PublishedTables.areListed(major)
                ? "delete from " + PublishedTables.LIST.quoted() + " where publication = '" + name.replace("'", "''")
                        + "';"
                : "drop publication " + Identifier.quote(name) + ";";
    }

    static Stream<Finding> ledger(TargetFacts facts, PreflightRequest request) {
        return when(
                !request.resume() && facts.hasLedger(),
                FindingCode.LEDGER_EXISTS,
                facts.database().object(),
                "There is a schema changeover already: another migration goes to this database, or left it behind.",
                "finish that migration, or if there is none: drop schema changeover cascade;");
    }
}
