package io.changeover.preflight;

import static io.changeover.preflight.Rule.when;

import io.changeover.postgres.Identifier;
import io.changeover.roles.RoleNeeds;
import io.changeover.spec.RolesMode;
import java.util.List;
import java.util.stream.Stream;

/** Checks of roles that the target lacks. */
final class RoleRules {

    private RoleRules() {}

    /**
     * Checks them.
     *
     * @param target what findings call the target database
     */
    static Stream<Finding> check(RoleNeeds needs, String target, RolesMode mode) {
        boolean copies = mode == RolesMode.COPY;
        List<String> policies = needs.ofPolicies().stream()
                .filter(role -> !copies || !needs.missing().contains(role))
                .toList();
        return Stream.of(
                        when(
                                copies && !needs.missing().isEmpty() && !needs.makes(),
                                FindingCode.ROLE_CANNOT_CREATE_ROLES,
                                target,
                                "'roles: copy' is to make roles, and the role " + needs.user() + " may not: "
                                        + names(needs.missing()) + ".",
                                "alter role " + Identifier.quote(needs.user()) + " createrole;"),
                        when(
                                copies && !needs.unmakable().isEmpty(),
                                FindingCode.ROLES_NOT_COPIED,
                                target,
                                "Superusers, PostgreSQL's and the provider's roles are not made, so that these get no"
                                        + " rights: " + names(needs.unmakable()) + ".",
                                "none, if nobody needs them on the target; else make them there"),
                        when(
                                !policies.isEmpty(),
                                FindingCode.ROLES_OF_POLICIES_MISSING,
                                target,
                                "Row security policies name roles that the target lacks, and could not be made: "
                                        + names(policies) + ".",
                                "create them on the target" + (copies ? "" : ", or say 'roles: copy'")))
                .flatMap(found -> found);
    }

    private static String names(List<String> roles) {
        return Identifier.quoteAll(roles);
    }
}
