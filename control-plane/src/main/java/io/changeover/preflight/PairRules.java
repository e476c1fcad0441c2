package io.changeover.preflight;

import static io.changeover.preflight.Rule.when;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import io.changeover.preflight.SourceFacts.SourceTable;
import io.changeover.spec.SchemaMode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks of a target database, most of them against its source. */
final class PairRules {

    static final List<Rule<PairFacts>> ALL = List.of(
            (facts, request) -> SourceServerRules.standby(facts.target().server()),
            PairRules::version,
            PairRules::createSchema,
            (facts, request) -> GuardRules.ALL.stream().flatMap(rule -> rule.check(facts, request)),
            PairRules::encoding,
            PairRules::empty,
            PairRules::objects,
            PairRules::extensions,
            PairRules::largeObjects,
            ExistingSchemaRules::tables,
            (facts, request) -> Rule.checkAll(TargetStateRules.ALL, facts, request));

    private PairRules() {}

    private static Stream<Finding> version(PairFacts facts, PreflightRequest request) {
        ServerFacts source = facts.source().server();
        ServerFacts target = facts.target().server();
        return when(
                target.major() < source.major(),
                FindingCode.TARGET_OLDER,
                target.object(),
                "The target is PostgreSQL " + target.versionText() + " and the source " + source.versionText() + ".",
                "create the target with PostgreSQL " + source.major() + " or later");
    }

    private static Stream<Finding> createSchema(PairFacts facts, PreflightRequest request) {
        TargetFacts target = facts.target();
        return when(
                !target.database().creates() && !(request.resume() && target.hasLedger()),
                FindingCode.ROLE_CANNOT_CREATE_SCHEMA,
                target.database().object(),
                "The role " + role(target) + " may not create schemas; at least the schema changeover is needed.",
                Fix.sql("grant create on database "
                        + Identifier.quote(target.database().name()) + " to " + quotedRole(target) + ";"));
    }

    private static Stream<Finding> encoding(PairFacts facts, PreflightRequest request) {
        DatabaseFacts source = facts.source().database();
        DatabaseFacts target = facts.target().database();
        return when(
                !source.encoding().equals(target.encoding())
                        && !target.encoding().equals("UTF8"),
                FindingCode.ENCODINGS_DIFFER,
                target.object(),
                "The encoding is " + target.encoding() + " and the source's " + source.encoding() + ": characters that "
                        + target.encoding() + " does not have stop the migration.",
                "create the target database with encoding 'UTF8' or '" + source.encoding() + "'");
    }

    private static Stream<Finding> empty(PairFacts facts, PreflightRequest request) {
        TargetFacts target = facts.target();
        Set<TableName> expected = facts.source().tables().stream()
                .filter(table -> ExistingSchemaRules.isExpected(table, request))
                .map(SourceTable::name)
                .collect(Collectors.toSet());
        List<String> tables = target.tables().keySet().stream()
                .filter(table -> !expected.contains(table))
                .sorted()
                .map(Object::toString)
                .toList();
        return when(
                request.schema() == SchemaMode.COPY && !request.resume() && !tables.isEmpty(),
                FindingCode.TARGET_NOT_EMPTY,
                target.database().object(),
                "The database is not empty: it has " + Phrases.count(tables.size(), "table") + " ("
                        + Phrases.some(tables) + ").",
                "name an empty database, drop the tables, or set schema: existing in the migration file");
    }

    /**
     * They would be taken for the copy's own; of those that belong to tables that have to be there, nobody can tell.
     */
    private static Stream<Finding> objects(PairFacts facts, PreflightRequest request) {
        TargetFacts target = facts.target();
        List<String> objects = target.state().objects();
        return when(
                request.schema() == SchemaMode.COPY
                        && !request.resume()
                        && target.tables().isEmpty()
                        && !objects.isEmpty(),
                FindingCode.TARGET_NOT_EMPTY,
                target.database().object(),
                "The database is not empty: it has " + Phrases.count(objects.size(), "object") + " ("
                        + Phrases.some(objects) + ").",
                "name an empty database, drop them, or set schema: existing in the migration file if the whole structure"
                        + " is there");
    }

    private static Stream<Finding> extensions(PairFacts facts, PreflightRequest request) {
        TargetFacts target = facts.target();
        if (request.schema() != SchemaMode.COPY) {
            return Stream.empty();
        }
        return facts.source().extensions().stream()
                .filter(name -> !target.extensions().canHave(name))
                .map(name -> FindingCode.EXTENSION_UNAVAILABLE.on(
                        target.database().object(),
                        "The source uses the extension " + name + ", which the target server does not "
                                + (target.extensions().isAllowed(name) ? "have." : "allow."),
                        target.extensions().isAllowed(name)
                                ? Fix.text("install it on the target server; if nothing needs it, on the source: drop"
                                        + " extension " + Identifier.quote(name) + ";")
                                : allow(name, target)));
    }

    private static Fix allow(String extension, TargetFacts target) {
        String all = Stream.concat(target.extensions().allowed().stream().flatMap(Set::stream), Stream.of(extension))
                .sorted()
                .collect(Collectors.joining(","));
        return Fix.command(
                "add " + extension + " to the server parameter azure.extensions",
                CloudCommands.azureParameter(target.server().host(), "azure.extensions", all));
    }

    /** Now or later the source may have one of the same number. */
    private static Stream<Finding> largeObjects(PairFacts facts, PreflightRequest request) {
        TargetFacts target = facts.target();
        return when(
                !request.resume()
                        && target.largeObjects() > 0
                        && facts.source().largeObjects().count() > 0,
                FindingCode.TARGET_HOLDS_LARGE_OBJECTS,
                target.database().object(),
                "The database holds " + target.largeObjects() + " large objects. Those of the source keep their "
                        + "numbers, which these may have.",
                "name another database; or if nobody needs them: select lo_unlink(oid) from pg_largeobject_metadata;");
    }

    private static String role(TargetFacts target) {
        return target.server().role().name();
    }

    private static String quotedRole(TargetFacts target) {
        return Identifier.quote(role(target));
    }
}
