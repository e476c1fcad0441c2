package io.changeover.roles;

import io.changeover.migration.SchemaReport.LeftOut;
import io.changeover.migration.SchemaReport.Outcome;
import io.changeover.migration.SchemaReport.Role;
import io.changeover.postgres.Identifier;
import io.changeover.roles.Attempt.Refusal;
import io.changeover.roles.SourceRole.Attribute;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the roles that a database needs and the target lacks, in the current transaction. Another session may do the
 * same for another database of the server: whoever comes second finds them there. Roles that are there stay as they
 * are, in who is a member of whom as well; a membership is made only with a role that is made.
 */
final class RoleCopy {

    private final Connection target;
    private final String database;
    private final NeededRoles needed;
    private final TargetRoles there;
    private final Set<String> made = new HashSet<>();
    private final Set<String> missing = new HashSet<>();
    private final List<Role> roles = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    /**
     * Prepares.
     *
     * @param target a session in a transaction
     * @param database the target's name of the database
     */
    RoleCopy(Connection target, String database, NeededRoles needed) throws SQLException {
        this.target = target;
        this.database = database;
        this.needed = needed;
        this.there = TargetRoles.read(target);
    }

    /**
     * What came of it.
     *
     * @param roles all that are needed, in order of name
     * @param leftOut what the roles of the target have not
     */
    record Copied(List<Role> roles, List<LeftOut> leftOut) {

        Copied {
            roles = List.copyOf(roles);
            leftOut = List.copyOf(leftOut);
        }
    }

    Copied run() throws SQLException {
        for (SourceRole role : needed.roles()) {
            make(role);
        }
        for (Membership membership : needed.memberships()) {
            join(membership);
        }
        for (RoleSetting setting : needed.settings()) {
            set(setting);
        }
        needed.leftOut().forEach((name, why) -> roles.add(new Role(name, Outcome.LEFT_OUT, Optional.of(why))));
        roles.sort(Comparator.comparing(Role::name));
        return new Copied(roles, leftOut);
    }

    private void make(SourceRole role) throws SQLException {
        Giver giver = there.giver();
        if (there.names().contains(role.name())) {
            roles.add(new Role(role.name(), Outcome.EXISTED, Optional.empty()));
            return;
        }
        Set<Attribute> given = giver.givable(role);
        Optional<Refusal> refusal = Attempt.run(target, role.create(given));
        if (refusal.isEmpty()) {
            made.add(role.name());
            roles.add(new Role(role.name(), Outcome.CREATED, Optional.empty()));
            complete(role, given);
        } else if (isThere(refusal.get())) {
            roles.add(new Role(role.name(), Outcome.EXISTED, Optional.empty()));
        } else {
            missing.add(role.name());
            String message = refusal.get().message();
            roles.add(new Role(role.name(), Outcome.LEFT_OUT, Optional.of(message)));
            leftOut.add(new LeftOut(object(role.name()), message, role.create(role.attributes()) + ";"));
        }
    }

    private static boolean isThere(Refusal refusal) {
        return refusal.state().equals(Attempt.DUPLICATE_OBJECT)
                || refusal.state().equals(Attempt.UNIQUE_VIOLATION);
    }

    private void complete(SourceRole role, Set<Attribute> given) throws SQLException {
        String name = Identifier.quote(role.name());
        for (Attribute attribute : role.without(given)) {
            leftOut.add(new LeftOut(
                    object(role.name()),
                    "the role " + there.giver().name() + " may not give it " + attribute.word(),
                    "alter role " + name + " " + attribute.word() + ";"));
        }
        if (role.comment().isPresent()) {
            attempt(
                    role.name(),
                    "its comment",
                    "comment on role " + name + " is "
                            + Literal.quote(role.comment().get()));
        }
    }

    private void join(Membership membership) throws SQLException {
        String group = membership.group();
        String member = membership.member();
        boolean has = there.memberships().contains(List.of(group, member));
        if (has || missing.contains(group) || missing.contains(member) || needed.isOurs(group)) {
            return;
        }
        String what = "that it is a member of " + Identifier.quote(group);
        String grant = membership.grant(there.giver().major());
        if (needed.leftOut().containsKey(group)) {
            String why = needed.leftOut().get(group);
            leftOut.add(
                    new LeftOut(object(member), what + ": " + Identifier.quote(group) + " " + of(why), grant + ";"));
        } else if (!made.contains(group) && !made.contains(member)) {
            leftOut.add(new LeftOut(object(member), what + ": both roles were there", grant + ";"));
        } else {
            attempt(member, what, grant);
            SourceRole role = needed.role(member).orElseThrow();
            if (membership.isInexpressible(
                    there.giver().major(), role.attributes().contains(Attribute.INHERIT))) {
                leftOut.add(new LeftOut(
                        object(member),
                        "before PostgreSQL 16 a membership, here in " + Identifier.quote(group)
                                + ", cannot say whether it inherits and may SET ROLE",
                        "look whether it has rights that it should not have"));
            }
        }
    }

    private static String of(String why) {
        return why.replaceFirst("^it is", "is");
    }

    private void set(RoleSetting setting) throws SQLException {
        String role = setting.role().orElseThrow();
        boolean isWanted =
                setting.ofDatabase() ? !there.settings().contains(List.of(role, setting.name())) : made.contains(role);
        if (isWanted && !missing.contains(role)) {
            Optional<Refusal> refusal = Attempt.run(target, setting.statement(database));
            refusal.ifPresent(why -> leftOut.add(new LeftOut(
                    object(role), "the setting " + setting.name() + ": " + why.message(), setting.shown(database))));
        }
    }

    private void attempt(String role, String what, String sql) throws SQLException {
        Attempt.run(target, sql)
                .ifPresent(why -> leftOut.add(new LeftOut(object(role), what + ": " + why.message(), sql + ";")));
    }

    private static String object(String role) {
        return "role " + Identifier.quote(role);
    }
}
