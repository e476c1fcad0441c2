package io.changeover.preflight;

import static io.changeover.preflight.Rule.when;

import io.changeover.postgres.Identifier;
import io.changeover.spec.SchemaMode;
import java.util.List;
import java.util.stream.Stream;

/** Checks of what keeps triggers, rules and foreign keys of a target quiet. */
final class GuardRules {

    static final List<Rule<PairFacts>> ALL =
            List.of(GuardRules::silenceTriggers, GuardRules::obstacles, GuardRules::eventTriggers, GuardRules::forced);

    private GuardRules() {}

    private static Stream<Finding> silenceTriggers(PairFacts facts, PreflightRequest request) {
        TargetFacts target = facts.target();
        return when(
                !target.silencesTriggers(),
                FindingCode.ROLE_CANNOT_SILENCE_TRIGGERS,
                target.server().object(),
                "The role " + role(target) + " may not set session_replication_role. Until the cutover, triggers and "
                        + "rules of the target are disabled instead and foreign keys dropped, with a record of all.",
                silenceFix(target));
    }

    private static Fix silenceFix(TargetFacts target) {
        return switch (target.server().provider()) {
            case AZURE -> as("a member of azure_pg_admin", "alter role " + quotedRole(target) + " with replication;");
            case RDS -> Fix.sql("grant rds_superuser to " + quotedRole(target) + ";");
            case OTHER ->
                target.server().major() >= 15
                        ? as(
                                "a superuser",
                                "grant set on parameter session_replication_role to " + quotedRole(target) + ";")
                        : Fix.text("connect as a superuser: before PostgreSQL 15 the right cannot be granted");
        };
    }

    private static Fix as(String who, String statement) {
        return Fix.sql("as " + who + ": " + statement, new String[] {statement});
    }

    private static Stream<Finding> obstacles(PairFacts facts, PreflightRequest request) {
        TargetFacts target = facts.target();
        return target.guard().obstacles().stream()
                .map(obstacle -> FindingCode.GUARD_OBSTACLE.on(
                        target.database().object(),
                        "The role " + role(target) + " cannot set aside what would act on the rows: " + obstacle + ".",
                        target.silencesTriggers()
                                ? "see the message"
                                : "see the message; or let the role set session_replication_role (CO-1303)"));
    }

    private static Stream<Finding> eventTriggers(PairFacts facts, PreflightRequest request) {
        TargetFacts target = facts.target();
        return when(
                !target.guard().eventTriggers().isEmpty(),
                FindingCode.EVENT_TRIGGERS_FIRE,
                target.database().object(),
                "Event triggers fire when tables are altered, which they are during the migration: "
                        + String.join(", ", target.guard().eventTriggers()) + ". One that refuses stops it.",
                "if one refuses or must not see it, until the cutover, as its owner: alter event trigger … disable;");
    }

    /** With schema: existing the target's own tables are asked, CO-1308. */
    private static Stream<Finding> forced(PairFacts facts, PreflightRequest request) {
        TargetFacts target = facts.target();
        if (request.schema() != SchemaMode.COPY || target.guard().bypassesRowSecurity()) {
            return Stream.empty();
        }
        return facts.source().forced().stream()
                .map(table -> FindingCode.ROW_SECURITY_IS_FORCED.on(
                        target.database().object() + ", table " + table,
                        "Row security is forced on the table's owner, which on the target is " + role(target)
                                + ": it could not write all rows.",
                        "alter role " + quotedRole(target) + " bypassrls; or on the source: alter table "
                                + table.quoted() + " no force row level security;"));
    }

    private static String role(TargetFacts target) {
        return target.server().role().name();
    }

    private static String quotedRole(TargetFacts target) {
        return Identifier.quote(role(target));
    }
}
