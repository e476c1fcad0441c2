package io.changeover.preflight;

import static io.changeover.preflight.Rule.when;

import io.changeover.postgres.Identifier;
import io.changeover.spec.SchemaMode;
import java.util.List;
import java.util.stream.Stream;

/** Checks of what a target database is like besides its tables, most of them against its source. */
final class TargetStateRules {

    static final List<Rule<PairFacts>> ALL = List.of(
            TargetStateRules::readOnly,
            TargetStateRules::replica,
            TargetStateRules::connections,
            TargetStateRules::collations,
            TargetStateRules::locale,
            TargetStateRules::md5Indexes,
            TargetStateRules::md5Functions,
            TargetStateRules::setAside);

    private TargetStateRules() {}

    private static Stream<Finding> readOnly(PairFacts facts, PreflightRequest request) {
        TargetFacts target = facts.target();
        boolean azure = target.server().provider() == Provider.AZURE;
        return when(
                target.state().sessions().readOnly(),
                FindingCode.TARGET_IS_READ_ONLY,
                target.database().object(),
                "Sessions can only read (default_transaction_read_only)"
                        + (azure ? ": Azure sets it when 95 % of the disk are used." : "."),
                azure
                        ? Fix.command(
                                "give the server more disk",
                                new FixCommand(
                                        FixCommand.Kind.AZ,
                                        "az postgres flexible-server update --resource-group <resource-group> --name "
                                                + CloudCommands.azureName(
                                                        target.server().host())
                                                + " --storage-size <GB>"))
                        : Fix.sql("alter database "
                                + Identifier.quote(target.database().name())
                                + " reset default_transaction_read_only;"));
    }

    private static Stream<Finding> replica(PairFacts facts, PreflightRequest request) {
        return when(
                facts.target().state().sessions().replica(),
                FindingCode.REPLICA_ROLE_IS_DEFAULT,
                facts.target().database().object(),
                "Every session has the replica role unless it says otherwise: triggers and foreign keys would not act"
                        + " for applications after the cutover.",
                "before the cutover set session_replication_role back to origin, in the server's parameters, or of the"
                        + " database or role that has it");
    }

    private static Stream<Finding> connections(PairFacts facts, PreflightRequest request) {
        TargetFacts target = facts.target();
        return ConnectionRules.scarce(
                FindingCode.TARGET_CONNECTIONS_SCARCE,
                target.server(),
                target.state().sessions(),
                request);
    }

    private static Stream<Finding> collations(PairFacts facts, PreflightRequest request) {
        List<String> missing = facts.source().content().collations().stream()
                .filter(name -> !facts.target().state().collations().contains(name))
                .sorted()
                .toList();
        return when(
                request.schema() == SchemaMode.COPY && !missing.isEmpty(),
                FindingCode.COLLATION_MISSING,
                facts.target().database().object(),
                "Columns or indexes of the source name collations that the target does not have: "
                        + Phrases.some(missing) + ".",
                "on the source let them name one that both have: alter table … alter column … type … collate …; or"
                        + " install the locale on the target and: select pg_import_system_collations('pg_catalog');");
    }

    private static Stream<Finding> locale(PairFacts facts, PreflightRequest request) {
        String source = facts.source().content().locale();
        String target = facts.target().state().locale();
        return when(
                !source.equals(target),
                FindingCode.LOCALES_DIFFER,
                facts.target().database().object(),
                "The default collation is (provider, collate, ctype) " + target + ", and the source's " + source
                        + ". Text is ordered, and upper and lower case are told, by the target's from the cutover on.",
                "nothing to do if no application minds; otherwise: create database … lc_collate … lc_ctype … template"
                        + " template0;");
    }

    private static Stream<Finding> md5Indexes(PairFacts facts, PreflightRequest request) {
        List<String> users = facts.source().content().md5Indexes();
        return when(
                !facts.target().state().md5() && !users.isEmpty(),
                FindingCode.INDEXES_USE_MD5,
                facts.target().database().object(),
                "md5() does not work on the target (a server in FIPS mode refuses it), and these call it for every row"
                        + " that is written: " + Phrases.some(users) + ".",
                "on the source make them use another function, such as hashtextextended(…, 0) or sha256(convert_to(…,"
                        + " 'UTF8'))");
    }

    private static Stream<Finding> md5Functions(PairFacts facts, PreflightRequest request) {
        List<String> users = facts.source().content().md5Functions();
        return when(
                !facts.target().state().md5() && !users.isEmpty(),
                FindingCode.FUNCTIONS_USE_MD5,
                facts.target().database().object(),
                "md5() does not work on the target (a server in FIPS mode refuses it); these fail there when they are"
                        + " used: " + Phrases.some(users) + ".",
                "make them use another function, such as sha256(convert_to(…, 'UTF8'))");
    }

    /** What would be disabled in the replica role; without the right to it that is told by CO-1303. */
    private static Stream<Finding> setAside(PairFacts facts, PreflightRequest request) {
        List<String> acting = request.schema() == SchemaMode.COPY
                ? facts.source().content().acting()
                : facts.target().state().acting();
        return when(
                !acting.isEmpty(),
                FindingCode.SET_ASIDE,
                facts.target().database().object(),
                "These fire in the replica role, too, and are disabled on the target until the cutover puts them back: "
                        + Phrases.some(acting) + ".",
                "nothing to do");
    }
}
