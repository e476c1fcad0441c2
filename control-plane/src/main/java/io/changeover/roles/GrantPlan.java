package io.changeover.roles;

import io.changeover.postgres.Identifier;
import io.changeover.roles.Right.Holding;
import io.changeover.roles.Right.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is to be granted on a target so that roles have the rights that they have on the source. Objects belong to the
 * role of the migration there, so their owner on the source gets as rights what it has as the owner. A default that the
 * source has taken from PUBLIC is taken from it; nothing else is revoked.
 */
final class GrantPlan {

    private final Set<String> rolesOfTarget;
    private final Set<String> ours;
    private final Map<Holding, Right> there = new HashMap<>();
    private final Set<Place> places = new HashSet<>();
    private final Map<Group, Set<String>> statements = new LinkedHashMap<>();
    private final Map<String, Integer> missingRoles = new TreeMap<>();
    private final Set<String> missingObjects = new TreeSet<>();
    private int granted;
    private int revoked;

    private GrantPlan(List<Right> target, Set<String> rolesOfTarget, Set<String> ours) {
        this.rolesOfTarget = rolesOfTarget;
        this.ours = ours;
        for (Right right : target) {
            there.put(right.holding(), right);
            places.add(right.on());
        }
    }

    /** What one statement can say together. */
    private record Group(Place on, Optional<String> grantee, boolean grantable, boolean revokes) {}

    /**
     * A statement to run.
     *
     * @param on the object
     * @param grantee who gets it or loses it; empty: PUBLIC
     * @param privileges which
     * @param grantable whether they may be granted
     * @param revokes whether they are taken away
     */
    record Step(Place on, Optional<String> grantee, List<String> privileges, boolean grantable, boolean revokes) {

        Step {
            privileges = List.copyOf(privileges);
        }

        /** In a database of this name. */
        String sql(String database) {
            String change = (revokes ? "revoke " : "grant ")
                    + String.join(", ", privileges) + " on " + on.clause(database) + (revokes ? " from " : " to ")
                    + shownGrantee() + (grantable ? " with grant option" : "");
            return on.isDefaults() ? "alter default privileges " + on.identity() + " " + change : change;
        }

        String shownGrantee() {
            return grantee.map(Identifier::quote).orElse("public");
        }
    }

    /**
     * What is to be done.
     *
     * @param steps in order
     * @param granted how many rights are there that were asked for
     * @param revoked how many are not there that should not be
     * @param missingRoles roles that the target lacks, with the number of their rights
     * @param missingObjects what the target lacks
     */
    record Plan(
            List<Step> steps, int granted, int revoked, Map<String, Integer> missingRoles, Set<String> missingObjects) {

        Plan {
            steps = List.copyOf(steps);
            missingRoles = new TreeMap<>(missingRoles);
            missingObjects = new TreeSet<>(missingObjects);
        }
    }

    /**
     * Compares.
     *
     * @param source the rights that are wanted
     * @param target the rights that are there
     * @param rolesOfTarget names of all roles of the target
     * @param ours the role of the migration, as each server calls it: it gets nothing
     */
    static Plan of(List<Right> source, List<Right> target, Set<String> rolesOfTarget, Set<String> ours) {
        GrantPlan plan = new GrantPlan(target, rolesOfTarget, ours);
        Set<Holding> everybodys = new HashSet<>();
        source.stream()
                .filter(right -> right.isPublic() && right.now())
                .forEach(right -> everybodys.add(right.holding()));
        for (Right right : source) {
            boolean everybodyHasIt = everybodys.contains(new Holding(right.on(), Optional.empty(), right.privilege()));
            plan.look(right, everybodyHasIt);
        }
        return plan.result();
    }

    private void look(Right right, boolean everybodyHasIt) {
        boolean isWanted = right.isOwners()
                ? right.now() && !right.foreign() && !right.on().isDefaults() && !everybodyHasIt
                : right.now() && !right.before();
        boolean isUnwanted = right.isPublic() && right.before() && !right.now();
        if ((!isWanted && !isUnwanted) || right.grantee().filter(ours::contains).isPresent()) {
            return;
        }
        if (right.grantee().filter(role -> !rolesOfTarget.contains(role)).isPresent()) {
            missingRoles.merge(right.grantee().get(), 1, Integer::sum);
        } else if (!isThere(right)) {
            missingObjects.add(right.on().whole().shown());
        } else if (isUnwanted) {
            revoke(right);
        } else {
            grant(right);
        }
    }

    /** What is the server's or an extension's shows only what was changed of it. */
    private boolean isThere(Right right) {
        Place whole = right.on().whole();
        return right.foreign() || whole.isDefaults() || places.contains(whole);
    }

    private void revoke(Right right) {
        boolean isDefault = right.on().isDefaults() && !places.contains(right.on());
        boolean isUntouched = right.foreign() && !there.containsKey(right.holding());
        boolean has = isDefault
                || isUntouched
                || Optional.ofNullable(there.get(right.holding()))
                        .filter(Right::now)
                        .isPresent();
        if (has) {
            add(right, false, true);
        } else {
            revoked++;
        }
    }

    private void grant(Right right) {
        boolean grantable = right.grantable() && !right.isOwners();
        boolean has = Optional.ofNullable(there.get(right.holding()))
                .filter(found -> found.now() && (found.grantable() || !grantable))
                .isPresent();
        if (has) {
            granted++;
        } else {
            add(right, grantable, false);
        }
    }

    private void add(Right right, boolean grantable, boolean revokes) {
        statements
                .computeIfAbsent(new Group(right.on(), right.grantee(), grantable, revokes), key -> new TreeSet<>())
                .add(right.on().privilege(right.privilege().toLowerCase(Locale.ROOT)));
    }

    private Plan result() {
        List<Step> steps = new ArrayList<>();
        statements.forEach((group, privileges) -> steps.add(
                new Step(group.on(), group.grantee(), List.copyOf(privileges), group.grantable(), group.revokes())));
        return new Plan(steps, granted, revoked, missingRoles, missingObjects);
    }
}
