package io.changeover.roles;

import io.changeover.migration.SchemaReport;
import io.changeover.migration.SchemaReport.Grants;
import io.changeover.migration.SchemaReport.LeftOut;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.RolesMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What comes after the structure of a database: roles and rights, if they are to be copied, and the report of what was
 * left out. Both are one transaction: after a crash either all of it is there or nothing is. It is done again when more
 * of the structure is there; roles are then not made again. Thread-safe.
 */
public final class StructureReport {

    private static final String APPLICATION = "changeover-roles";

    /** Another database of the same migration may be making the same roles. */
    private static final String PATIENCE = "set local lock_timeout = '60s'";

    private static final String SET_ASIDE = "roles, owners and rights";

    private final ServerSettings source;
    private final ServerSettings target;
    private final RolesMode mode;

    public StructureReport(ServerSettings source, ServerSettings target, RolesMode mode) {
        this.source = source;
        this.target = target;
        this.mode = mode;
    }

    /** The report of the target, if there is one. */
    public static Optional<SchemaReport> read(Connection target) throws SQLException {
        return ReportRecord.read(target);
    }

    /**
     * Copies what is to be copied and is not there, and writes the report.
     *
     * @throws SQLException if a server cannot be reached, or another session does not let us; nothing was done then
     */
    public SchemaReport write() throws SQLException {
        try (Connection from = Connections.open(source, APPLICATION);
                Connection to = Connections.open(target, APPLICATION)) {
            to.setAutoCommit(false);
            try (Statement statement = to.createStatement()) {
                statement.execute(PATIENCE);
            }
            SchemaReport report = mode == RolesMode.COPY ? copy(from, to) : leave(from, to);
            ReportRecord.write(to, report);
            to.commit();
            return report;
        }
    }

    private SchemaReport copy(Connection from, Connection to) throws SQLException {
        NeededRoles needed = NeededRolesReader.read(from);
        List<LeftOut> leftOut = new ArrayList<>();
        Optional<SchemaReport> before = ReportRecord.read(to);
        List<SchemaReport.Role> roles = before.map(SchemaReport::roles).orElse(List.of());
        if (before.isPresent()) {
            before.get().leftOut().stream().filter(StructureReport::isOfRole).forEach(leftOut::add);
        } else {
            RoleCopy.Copied copied = new RoleCopy(to, target.database(), needed).run();
            roles = copied.roles();
            leftOut.addAll(copied.leftOut());
        }
        TargetRoles there = TargetRoles.read(to);
        Grants grants = new GrantCopy(to, target.database(), RightsReader.read(from), there, source.user()).run();
        leftOut.addAll(omissions(from, to));
        Set<String> owners = needed.roles().stream()
                .map(SourceRole::name)
                .filter(there.names()::contains)
                .collect(Collectors.toSet());
        return new SchemaReport(roles, grants, leftOut, OwnerScript.read(from, owners, target.database()));
    }

    private static boolean isOfRole(LeftOut leftOut) {
        return leftOut.object().startsWith("role ");
    }

    private SchemaReport leave(Connection from, Connection to) throws SQLException {
        List<LeftOut> leftOut = new ArrayList<>();
        NeededRoles needed = NeededRolesReader.read(from);
        if (!needed.roles().isEmpty()) {
            leftOut.add(new LeftOut(
                    SET_ASIDE,
                    "the migration file says 'roles: leave'; the database has objects, rights or settings of "
                            + needed.roles().stream().map(SourceRole::name).collect(Collectors.joining(", ")),
                    "make the roles and grant them what they need before the cutover, or say 'roles: copy'"));
        }
        leftOut.addAll(omissions(from, to));
        return new SchemaReport(List.of(), Grants.NONE, leftOut, List.of());
    }

    private List<LeftOut> omissions(Connection from, Connection to) throws SQLException {
        return new Omissions(from, to.getMetaData().getDatabaseMajorVersion(), target.database()).read();
    }
}
