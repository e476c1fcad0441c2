package io.changeover.roles;

import io.changeover.migration.SchemaReport.Grants;
import io.changeover.migration.SchemaReport.LeftOut;
import io.changeover.postgres.Identifier;
import io.changeover.roles.Attempt.Refusal;
import io.changeover.roles.GrantPlan.Plan;
import io.changeover.roles.GrantPlan.Step;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Grants on the target, in the current transaction, what roles have on the source and not there. Doing it again grants
 * what could not be granted before. What the server has not taken over is reported, whether it refused or only warned.
 */
final class GrantCopy {

    private static final int AT_ONCE = 200;
    private static final int SHOWN = 3;
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static final String BORROWED = "select exists (select from pg_auth_members m"
            + " join pg_roles g on g.oid = m.roleid join pg_roles r on r.oid = m.member"
            + " where g.rolname = ? and r.rolname = current_user"
            + " and (current_setting('server_version_num')::int < 160000 or m.grantor = r.oid))";

    private final Connection target;
    private final String database;
    private final List<Right> source;
    private final Giver giver;
    private final Set<String> roles;
    private final Set<String> ours;
    private final Map<Step, String> refused = new HashMap<>();

    /**
     * Prepares.
     *
     * @param target a session in a transaction
     * @param database the target's name of the database
     * @param source what is wanted
     * @param there the roles of the target
     * @param sourceUser the role of the migration on the source
     */
    GrantCopy(Connection target, String database, List<Right> source, TargetRoles there, String sourceUser) {
        this.target = target;
        this.database = database;
        this.source = source;
        this.giver = there.giver();
        this.roles = there.names();
        this.ours =
                Set.copyOf(List.of(giver.name(), sourceUser).stream().distinct().toList());
    }

    Grants run() throws SQLException {
        List<Step> steps = plan().steps();
        for (int from = 0; from < steps.size(); from += AT_ONCE) {
            run(steps.subList(from, Math.min(steps.size(), from + AT_ONCE)));
        }
        Plan rest = plan();
        List<LeftOut> notGranted = new ArrayList<>();
        rest.steps().forEach(step -> notGranted.add(leftOut(step)));
        rest.missingRoles()
                .forEach((role, rights) -> notGranted.add(new LeftOut(
                        "role " + Identifier.quote(role),
                        "it is not on the target and has " + rights + " rights on the source",
                        "create it there, and grant it what it needs")));
        if (!rest.missingObjects().isEmpty()) {
            notGranted.add(missing(rest.missingObjects()));
        }
        return new Grants(rest.granted(), rest.revoked(), notGranted);
    }

    private Plan plan() throws SQLException {
        return GrantPlan.of(source, RightsReader.read(target), roles, ours);
    }

    /** In one round trip, or if one is refused, one by one. */
    private void run(List<Step> steps) throws SQLException {
        String all = String.join(
                ";\n", steps.stream().map(step -> step.sql(database)).toList());
        if (Attempt.run(target, all).isEmpty()) {
            return;
        }
        for (Step step : steps) {
            Optional<Refusal> refusal = Attempt.run(target, step.sql(database));
            if (refusal.filter(why -> why.state().equals(INSUFFICIENT_PRIVILEGE))
                            .isPresent()
                    && step.on().isDefaults()
                    && isDoneAs(step)) {
                continue;
            }
            refusal.ifPresent(why -> refused.put(step, why.message()));
        }
    }

    /**
     * Default privileges are changed with the rights of the role whose objects they are for. Who has made a role may
     * have its rights: for a moment, which no other session sees.
     */
    private boolean isDoneAs(Step step) throws SQLException {
        Optional<String> role = source.stream()
                .filter(right -> right.on().equals(step.on()))
                .map(Right::owner)
                .findFirst();
        if (role.isEmpty() || isMember(role.get())) {
            return false;
        }
        String membership = Identifier.quote(role.get()) + " %s " + Identifier.quote(giver.name());
        return Attempt.run(
                        target,
                        "grant " + membership.formatted("to")
                                + (giver.major() < Giver.MODERN ? "" : " with inherit true, set false") + ";\n"
                                + step.sql(database) + ";\nrevoke " + membership.formatted("from"))
                .isEmpty();
    }

    private boolean isMember(String role) throws SQLException {
        try (PreparedStatement select = target.prepareStatement(BORROWED)) {
            select.setString(1, role);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    private LeftOut leftOut(Step step) {
        String what = String.join(", ", step.privileges())
                + (step.revokes() ? " still of " : " to ")
                + step.shownGrantee()
                + (step.grantable() ? " with grant option" : "");
        String why = refused.getOrDefault(step, "the role " + giver.name() + " may not");
        String object =
                step.on().isDatabase() ? "database " + database : step.on().shown();
        return new LeftOut(object, what + ": " + why, step.sql(database) + ";");
    }

    private static LeftOut missing(Set<String> objects) {
        String first = String.join(", ", objects.stream().limit(SHOWN).toList());
        return new LeftOut(
                objects.size() + " objects",
                "they are not on the target: " + first + (objects.size() > SHOWN ? " …" : ""),
                "none, if they are left out on purpose");
    }
}
