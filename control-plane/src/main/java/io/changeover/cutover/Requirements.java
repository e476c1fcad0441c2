package io.changeover.cutover;

import io.changeover.lag.Quarantined;
import io.changeover.ledger.QuarantineLedger;
import io.changeover.ledger.ReloadLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.PublishedTables;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.UserTables;
import io.changeover.schema.Filenodes;
import io.changeover.schema.Scope;
import io.changeover.sink.guard.ConstraintGuard;
import io.changeover.verify.ForeignKeyProofs;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What has to hold behind the fence, looked at when nobody can change it any more. */
final class Requirements {

    private Requirements() {}

    /** Tables that were made after the publication are not on the target, or not up to date there. */
    static void published(Connection source, String publication, Scope scope) throws SQLException, CutoverGivenUp {
        List<TableName> missing = new ArrayList<>(UserTables.logged(source));
        missing.removeIf(Predicate.not(scope::hasRows));
        missing.removeAll(PublishedTables.read(source, publication));
        if (!missing.isEmpty()) {
            throw new CutoverGivenUp(
                    "Tables of the source are not part of the migration, because they were made after it" + " began: "
                            + missing
                            + ". Drop them, or make them on the target and have them loaded: changeover reload"
                            + " MIGRATION/DATABASE SCHEMA.TABLE");
        }
    }

    /** Where the stream has no TRUNCATE, the target still has what such a table held. */
    static void notTruncated(Connection source, String publication) throws SQLException, CutoverGivenUp {
        Optional<String> complaint = Filenodes.complaint(source, publication);
        if (complaint.isPresent()) {
            throw new CutoverGivenUp(complaint.get());
        }
    }

    /** Since somebody looked last, a change may have failed whose table is set aside, or a table was emptied. */
    static void nothingLeftOut(Connection target, String stream) throws SQLException, CutoverGivenUp {
        List<String> leftOut = new ArrayList<>(Quarantined.sentences(QuarantineLedger.entries(target, stream)));
        List<TableName> loading = ReloadLedger.underWay(target);
        if (!loading.isEmpty()) {
            leftOut.add("tables are being loaded: " + loading);
        }
        none(leftOut);
    }

    /** What has acted on the target's rows, and foreign keys that nobody on the source sees to. */
    static void guarded(Connection source, Connection target) throws SQLException, CutoverGivenUp {
        List<String> acting = ConstraintGuard.acting(target);
        if (!acting.isEmpty()) {
            throw new CutoverGivenUp("CO-2057: made or enabled on the target since, and may have acted on what was"
                    + " applied: " + acting + ". It is set aside now; see that its effects are gone");
        }
        List<String> problems = new ArrayList<>(ConstraintGuard.complaints(target));
        problems.addAll(new ForeignKeyProofs(source, target, false).proveFinally());
        none(problems);
    }

    /** A role left in replica mode would silence the triggers and foreign keys of every application. */
    static void triggersOn(ServerSettings target) throws SQLException, CutoverGivenUp {
        try (Connection fresh = Connections.open(target, "changeover-control", Fence.ANSWER);
                Statement statement = fresh.createStatement();
                ResultSet rows = statement.executeQuery("show session_replication_role")) {
            rows.next();
            if (!rows.getString(1).equals("origin")) {
                throw new CutoverGivenUp("New sessions on the target have session_replication_role = "
                        + rows.getString(1) + ": their triggers and foreign keys would not work. Reset it for the"
                        + " server, the database and the role");
            }
        }
    }

    /** Gives up if there is a problem. */
    static void none(List<String> problems) throws CutoverGivenUp {
        if (!problems.isEmpty()) {
            throw new CutoverGivenUp(String.join("; ", problems));
        }
    }
}
