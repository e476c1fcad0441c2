package io.changeover.cutover;

import io.changeover.lag.Quarantined;
import io.changeover.ledger.QuarantineLedger;
import io.changeover.ledger.ReloadLedger;
import io.changeover.ledger.StreamLedger;
import io.changeover.migration.CutoverResult;
import io.changeover.migration.CutoverResult.Phase;
import io.changeover.migration.Names;
import io.changeover.postgres.Connections;
import io.changeover.postgres.PublishedTables;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.UserTables;
import io.changeover.schema.Filenodes;
import io.changeover.schema.MaterializedViews;
import io.changeover.schema.Scope;
import io.changeover.sink.guard.ConstraintGuard;
import io.changeover.sink.guard.GuardRefusedException;
import io.changeover.verify.ForeignKeyProofs;
import io.changeover.verify.HeldSnapshot;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The switch of one database pair: fence → marker → drain → sequences → triggers and rules → materialized views → the
 * source is lastingly read-only → the target is opened by whoever records the result → the fence's locks go.
 *
 * <p>Until the result is recorded nothing has happened that {@link #rollBack} does not undo, in this process or in the
 * next: the locks go with their connection.
 */
public final class Cutover implements AutoCloseable {

    /** How many tables the comparison reads at a time. */
    public static final int READERS = 2;

    private static final Duration AHEAD = Duration.ofHours(1);

    private static final String APPLICATION = "changeover-verify";

    private final Fence fence;
    private final HeldSnapshot sourceRows;
    private final HeldSnapshot targetRows;
    private final CutoverResult result;
    private final Positions sequences;

    /** The sequences of both sides, as they were when the target's had been set. */
    public record Positions(Map<TableName, Sequences.State> source, Map<TableName, Sequences.State> target) {}

    private Cutover(
            Fence fence, HeldSnapshot sourceRows, HeldSnapshot targetRows, CutoverResult result, Positions sequences) {
        this.fence = fence;
        this.sourceRows = sourceRows;
        this.targetRows = targetRows;
        this.result = result;
        this.sequences = sequences;
    }

    /**
     * Switches, up to the point where the target may be opened.
     *
     * @param patience how long the source may be kept from being written
     * @throws CutoverGivenUp if it did not work out in time; the source is writable
     * @throws SQLException if a server failed; the source is writable, or will be after {@link #rollBack}
     */
    public static Cutover perform(Sides sides, Duration patience) throws SQLException, CutoverGivenUp {
        ServerSettings source = sides.source();
        ServerSettings target = sides.target();
        Spares spares = Spares.open(source, target);
        try (MarkerWait marker =
                        MarkerWait.prepare(source, target, sides.names().changeTopic());
                LargeObjects objects = LargeObjects.open(source, target)) {
            Behind behind = new Behind(marker, objects, patience, spares);
            compareAhead(objects, patience);
            // one marker ahead: the way is warm, and a pipeline that does not move is found before anybody waits
            marker.drain(patience, "before the fence");
            Fence fence = Fence.raise(source, patience);
            try {
                return inTime(sides, fence, behind);
            } catch (SQLException | CutoverGivenUp | RuntimeException e) {
                try (fence) {
                    rollBack(source, target);
                }
                throw e;
            }
        } catch (SQLException | CutoverGivenUp | RuntimeException e) {
            spares.close();
            throw e;
        }
    }

    /** What is prepared for the time behind the fence. */
    private record Behind(MarkerWait marker, LargeObjects objects, Duration patience, Spares spares) {}

    /** So that nobody waits for what can be copied now; and if comparing alone takes too long, nobody waits at all. */
    private static void compareAhead(LargeObjects objects, Duration patience) throws SQLException, CutoverGivenUp {
        LargeObjects.Pass pass = objects.run(AHEAD);
        for (int again = 0; pass.isComplete() && pass.copied() > 0 && again < 3; again++) {
            pass = objects.run(AHEAD);
        }
        long begin = System.nanoTime();
        if (!pass.isComplete() || (pass.compared() > 0 && !objects.run(patience).isComplete())) {
            throw new CutoverGivenUp("The large objects cannot be compared in "
                    + Duration.ofNanos(System.nanoTime() - begin).toSeconds()
                    + " s, and so not in the freeze, which may"
                    + " last " + patience.toSeconds() + " s: raise spec.cutover.drainTimeout");
        }
        objects.limit(patience);
    }

    /** Nobody can write them any more. */
    private static long compareLargeObjects(LargeObjects objects, Duration patience)
            throws SQLException, CutoverGivenUp {
        LargeObjects.Pass pass = objects.run(patience);
        if (!pass.isComplete()) {
            throw new CutoverGivenUp("The large objects could not be compared in " + patience.toSeconds()
                    + " s after the fence: raise spec.cutover.drainTimeout");
        }
        return pass.compared();
    }

    /**
     * Undoes what a cutover that did not end has left: triggers of the target are quiet again before the source can be
     * written. Safe to call at any time before the target is opened.
     */
    public static void rollBack(ServerSettings source, ServerSettings target) throws SQLException {
        try (Connection connection = Connections.open(target, "changeover-control")) {
            ConstraintGuard.raise(connection);
        }
        Fence.readOnly(source, false);
    }

    /** A statement that hits its time limit means that the target was not ready in time. */
    private static Cutover inTime(Sides sides, Fence fence, Behind behind) throws SQLException, CutoverGivenUp {
        try {
            return fenced(sides, fence, behind);
        } catch (GuardRefusedException e) {
            throw new CutoverGivenUp(String.valueOf(e.getMessage()), e);
        } catch (SQLException e) {
            if ("57014".equals(e.getSQLState()) || "55P03".equals(e.getSQLState())) {
                throw new CutoverGivenUp(
                        "The target was not ready in " + behind.patience().toSeconds() + " s after the fence: "
                                + e.getMessage(),
                        e);
            }
            throw e;
        }
    }

    private static Cutover fenced(Sides sides, Fence fence, Behind behind) throws SQLException, CutoverGivenUp {
        MarkerWait marker = behind.marker();
        Duration patience = behind.patience();
        Spares spares = behind.spares();
        Names names = sides.names();
        Phases phases = new Phases(fence.raisedAt());
        phases.end("fence");
        Scope scope = Scope.read(marker.source(), sides.tables());
        requirePublished(marker.source(), names.publication(), scope);
        requireNotTruncated(marker.source(), names.publication());
        marker.limit(patience);
        HeldSnapshot sourceRows = HeldSnapshot.take(sides.source(), spares.source());
        LogSequenceNumber drained = marker.drain(patience, "after the fence");
        requireNothingLeftOut(marker.target(), names.changeTopic());
        phases.end("drain");
        requireGuard(marker.source(), marker.target());
        phases.end("foreign keys");
        Map<TableName, Sequences.State> wanted = new TreeMap<>(Sequences.read(marker.source()));
        wanted.keySet().removeIf(scope::leavesOut);
        Sequences.set(marker.target(), wanted);
        Positions sequences = new Positions(wanted, Sequences.read(marker.target()));
        phases.end("sequences");
        takeOver(marker.target(), names.changeTopic());
        phases.end("triggers, rules and foreign keys");
        MaterializedViews.refresh(marker.source(), marker.target(), scope);
        phases.end("materialized views");
        HeldSnapshot targetRows = HeldSnapshot.take(sides.target(), spares.target());
        targetRows.protect(UserTables.ordinary(marker.target()), spares.targetReaders());
        requireTriggersOn(sides.target());
        fence.makeLasting();
        phases.end("read-only source");
        long objects = compareLargeObjects(behind.objects(), patience);
        phases.end("large objects");
        CutoverResult result =
                new CutoverResult(phases.total(), drained.asString(), wanted.size(), objects, phases.all());
        return new Cutover(fence, sourceRows, targetRows, result, sequences);
    }

    /**
     * Puts triggers, rules and foreign keys back, and takes the stream from the sink in the same transaction: if this
     * process dies now, the sink cannot apply anything under triggers that fire.
     */
    private static void takeOver(Connection target, String stream) throws SQLException {
        target.setAutoCommit(false);
        StreamLedger.open(target, stream);
        ConstraintGuard.restore(target);
        target.commit();
        target.setAutoCommit(true);
    }

    /** Since somebody looked last, a change may have failed whose table is set aside, or a table was emptied. */
    private static void requireNothingLeftOut(Connection target, String stream) throws SQLException, CutoverGivenUp {
        List<String> leftOut = new ArrayList<>(Quarantined.sentences(QuarantineLedger.entries(target, stream)));
        List<TableName> loading = ReloadLedger.underWay(target);
        if (!loading.isEmpty()) {
            leftOut.add("tables are being loaded: " + loading);
        }
        if (!leftOut.isEmpty()) {
            throw new CutoverGivenUp(String.join("; ", leftOut));
        }
    }

    /** What has acted on the target's rows, and foreign keys that nobody on the source sees to. */
    private static void requireGuard(Connection source, Connection target) throws SQLException, CutoverGivenUp {
        List<String> acting = ConstraintGuard.acting(target);
        if (!acting.isEmpty()) {
            throw new CutoverGivenUp("CO-2057: made or enabled on the target since, and may have acted on what was"
                    + " applied: " + acting + ". It is set aside now; see that its effects are gone");
        }
        List<String> problems = new ArrayList<>(ConstraintGuard.complaints(target));
        problems.addAll(new ForeignKeyProofs(source, target, false).proveFinally());
        if (!problems.isEmpty()) {
            throw new CutoverGivenUp(String.join("; ", problems));
        }
    }

    /** Tables that were made after the publication are not on the target, or not up to date there. */
    private static void requirePublished(Connection source, String publication, Scope scope)
            throws SQLException, CutoverGivenUp {
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
    private static void requireNotTruncated(Connection source, String publication) throws SQLException, CutoverGivenUp {
        Optional<String> complaint = Filenodes.complaint(source, publication);
        if (complaint.isPresent()) {
            throw new CutoverGivenUp(complaint.get());
        }
    }

    /** A role left in replica mode would silence the triggers and foreign keys of every application. */
    private static void requireTriggersOn(ServerSettings target) throws SQLException, CutoverGivenUp {
        try (Connection fresh = Connections.open(target, "changeover-control");
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

    /** What it did until now. */
    public CutoverResult result() {
        return result;
    }

    /** The sequences of both sides. */
    public Positions sequences() {
        return sequences;
    }

    /** The source's rows at the fence. */
    public HeldSnapshot sourceRows() {
        return sourceRows;
    }

    /** The target's rows when everything up to the fence was applied. */
    public HeldSnapshot targetRows() {
        return targetRows;
    }

    /** Lets go of the locks. Call it when the target is recorded as the one to write to. */
    public void finish() throws SQLException {
        fence.lower();
    }

    @Override
    public void close() throws SQLException {
        try (fence;
                sourceRows) {
            targetRows.close();
        }
    }

    /** Connections for the comparison, open before the freeze. */
    private record Spares(Connection source, Connection target, List<Connection> targetReaders) {

        static Spares open(ServerSettings source, ServerSettings target) throws SQLException {
            List<Connection> opened = new ArrayList<>();
            try {
                opened.add(Connections.open(source, APPLICATION));
                for (int i = 0; i <= READERS; i++) {
                    opened.add(Connections.open(target, APPLICATION));
                }
                return new Spares(opened.get(0), opened.get(1), List.copyOf(opened.subList(2, opened.size())));
            } catch (SQLException e) {
                for (Connection connection : opened) {
                    connection.close();
                }
                throw e;
            }
        }

        void close() throws SQLException {
            source.close();
            target.close();
            for (Connection reader : targetReaders) {
                reader.close();
            }
        }
    }

    /** Times the parts of the freeze. */
    private static final class Phases {

        private final long begin;
        private final List<Phase> phases = new ArrayList<>();
        private long last;

        Phases(long begin) {
            this.begin = begin;
            this.last = begin;
        }

        void end(String name) {
            long now = System.nanoTime();
            phases.add(new Phase(name, Duration.ofNanos(now - last).toMillis()));
            last = now;
        }

        long total() {
            return Duration.ofNanos(last - begin).toMillis();
        }

        List<Phase> all() {
            return phases;
        }
    }
}
