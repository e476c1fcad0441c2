package io.changeover.cutover;

import io.changeover.fault.CrashPoint;
import io.changeover.ledger.StreamLedger;
import io.changeover.migration.CutoverResult;
import io.changeover.postgres.TableName;
import io.changeover.postgres.UserTables;
import io.changeover.schema.MaterializedViews;
import io.changeover.schema.Scope;
import io.changeover.sink.guard.ConstraintGuard;
import io.changeover.sink.guard.GuardRefusedException;
import io.changeover.verify.HeldSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.postgresql.replication.LogSequenceNumber;

/** One attempt to switch: what {@link Cutover#perform} does, in its order. */
final class Attempt {

    private static final Duration AHEAD = Duration.ofHours(1);

    private final Sides sides;
    private final Terms terms;
    private final Freeze freeze;
    private final Spares spares;
    private final MarkerWait marker;
    private final LargeObjects objects;

    Attempt(Sides sides, Terms terms, Freeze freeze, Spares spares, MarkerWait marker, LargeObjects objects) {
        this.sides = sides;
        this.terms = terms;
        this.freeze = freeze;
        this.spares = spares;
        this.marker = marker;
        this.objects = objects;
    }

    /** Switches, or leaves everything as it was. */
    Cutover run() throws SQLException, CutoverGivenUp {
        freeze.include(marker.source());
        freeze.include(marker.target());
        objects.endWith(freeze);
        spares.include(freeze);
        Fence fence = raiseFence();
        boolean switched = false;
        try {
            Cutover cutover = behind(fence);
            switched = true;
            return cutover;
        } catch (SQLException | CutoverGivenUp | RuntimeException e) {
            freeze.close(); // what comes now is to have its time
            fence.close(); // first of all, writers go on
            Cutover.rollBack(sides.source(), sides.target());
            throw givenUp(e);
        } finally {
            if (!switched) {
                fence.close();
            }
        }
    }

    /** If it does not come to that, nothing was done that would have to be undone. */
    private Fence raiseFence() throws SQLException, CutoverGivenUp {
        try {
            freeze.enter("large objects, before the fence");
            compareAhead();
            // one marker ahead: the way is warm, and a pipeline that does not move is found before anybody waits
            freeze.enter("marker, before the fence");
            marker.drain(terms, freeze, "before the fence");
            at(CrashPoint.CUTOVER_BEFORE_FENCE);
            freeze.enter("fence");
            return Fence.raise(sides.source(), terms, freeze);
        } catch (SQLException | RuntimeException e) {
            if (freeze.reason().isPresent()) { // whoever wanted it to end has had the statement cancelled
                throw new CutoverGivenUp(freeze.reason().get(), e);
            }
            throw e;
        }
    }

    private void at(CrashPoint point) {
        terms.reached().accept(point);
    }

    /** A statement that was cancelled, or hit its time limit, means that the target was not ready in time. */
    private CutoverGivenUp givenUp(Exception e) throws SQLException {
        if (e instanceof CutoverGivenUp givenUp) {
            return givenUp;
        }
        if (freeze.reason().isPresent()) {
            return new CutoverGivenUp(freeze.reason().get(), e);
        }
        if (e instanceof GuardRefusedException) {
            return new CutoverGivenUp(String.valueOf(e.getMessage()), e);
        }
        if (e instanceof SQLException sql) {
            if (!"57014".equals(sql.getSQLState()) && !"55P03".equals(sql.getSQLState())) {
                throw sql;
            }
            return new CutoverGivenUp("The target was not ready in time after the fence: " + e.getMessage(), e);
        }
        throw (RuntimeException) e;
    }

    /** So that nobody waits for what can be copied now; and if comparing alone takes too long, nobody waits at all. */
    private void compareAhead() throws SQLException, CutoverGivenUp {
        LargeObjects.Pass pass = objects.run(AHEAD);
        for (int again = 0; pass.isComplete() && pass.copied() > 0 && again < 3; again++) {
            pass = objects.run(AHEAD);
        }
        Duration longest = freeze.left();
        long begin = System.nanoTime();
        if (!pass.isComplete() || (pass.compared() > 0 && !objects.run(longest).isComplete())) {
            throw new CutoverGivenUp("The large objects cannot be compared in "
                    + Duration.ofNanos(System.nanoTime() - begin).toSeconds()
                    + " s, and so not in the freeze, which may"
                    + " last " + longest.toSeconds() + " s: raise spec.cutover.maxFreeze");
        }
        objects.limit(longest);
    }

    private Cutover behind(Fence fence) throws SQLException, CutoverGivenUp {
        freeze.begin(fence.raisedAt());
        at(CrashPoint.CUTOVER_AFTER_FENCE);
        Phases phases = new Phases(fence.raisedAt());
        phases.end("fence");

        freeze.enter("drain");
        Scope scope = Scope.read(marker.source(), sides.tables());
        Requirements.published(marker.source(), sides.names().publication(), scope);
        Requirements.notTruncated(marker.source(), sides.names().publication());
        marker.limit(freeze.left());
        HeldSnapshot sourceRows = HeldSnapshot.take(sides.source(), spares.source());
        LogSequenceNumber drained = marker.drain(terms, freeze, "after the fence");
        Requirements.nothingLeftOut(marker.target(), sides.names().changeTopic());
        at(CrashPoint.CUTOVER_AFTER_DRAIN);
        phases.end("drain");

        freeze.enter("foreign keys");
        Requirements.guarded(marker.source(), marker.target());
        phases.end("foreign keys");

        freeze.enter("verification");
        Requirements.none(terms.verification().rest(marker.source(), marker.target(), freeze.left()));
        phases.end("verification");

        freeze.enter("sequences");
        Map<TableName, Sequences.State> wanted = sequences(scope);
        Sequences.set(marker.target(), wanted);
        at(CrashPoint.CUTOVER_AFTER_SEQUENCES);
        phases.end("sequences");

        freeze.enter("triggers, rules and foreign keys");
        takeOver(marker.target());
        phases.end("triggers, rules and foreign keys");

        freeze.enter("materialized views");
        MaterializedViews.refresh(marker.source(), marker.target(), scope);
        at(CrashPoint.CUTOVER_AFTER_VIEWS);
        phases.end("materialized views");

        freeze.enter("snapshots for the comparison");
        HeldSnapshot targetRows = HeldSnapshot.take(sides.target(), spares.target());
        targetRows.protect(UserTables.ordinary(marker.target()), spares.targetReaders());
        Requirements.triggersOn(sides.target());
        at(CrashPoint.CUTOVER_AFTER_SNAPSHOTS);

        freeze.enter("read-only source");
        fence.makeLasting(terms.reached());
        at(CrashPoint.CUTOVER_AFTER_LASTING);
        phases.end("read-only source");

        freeze.enter("large objects");
        long compared = compareLargeObjects();
        phases.end("large objects");

        freeze.enter(
                "sequences once more"); // locks do not hold up nextval(), and only now nobody is left to ask for it
        Cutover.Positions positions = onceMore(scope, wanted);
        phases.end("sequences once more");

        freeze.enter("last look at the source");
        fence.prove();
        freeze.check();
        CutoverResult result = new CutoverResult(
                phases.total(), drained.asString(), positions.source().size(), compared, phases.all());
        return new Cutover(fence, freeze, sourceRows, targetRows, result, positions);
    }

    private Map<TableName, Sequences.State> sequences(Scope scope) throws SQLException {
        Map<TableName, Sequences.State> all = new TreeMap<>(Sequences.read(marker.source()));
        all.keySet().removeIf(scope::leavesOut);
        return all;
    }

    private Cutover.Positions onceMore(Scope scope, Map<TableName, Sequences.State> set) throws SQLException {
        Map<TableName, Sequences.State> wanted = sequences(scope);
        if (!wanted.equals(set)) {
            Sequences.set(marker.target(), wanted);
        }
        return new Cutover.Positions(wanted, Sequences.read(marker.target()));
    }

    /**
     * Puts triggers, rules and foreign keys back, and takes the stream from the sink in the same transaction: if this
     * process dies now, the sink cannot apply anything under triggers that fire. With it commits what the terms want.
     */
    private void takeOver(Connection target) throws SQLException, CutoverGivenUp {
        target.setAutoCommit(false);
        try {
            StreamLedger.open(target, sides.names().changeTopic());
            ConstraintGuard.restore(target);
            terms.takeOver().run(target);
            at(CrashPoint.CUTOVER_BEFORE_TAKE_OVER);
            target.commit();
        } catch (SQLException | CutoverGivenUp | RuntimeException e) {
            letGo(target, e); // or what is undone in another session would wait for this one
            throw e;
        }
        at(CrashPoint.CUTOVER_AFTER_TAKE_OVER);
        target.setAutoCommit(true);
    }

    private static void letGo(Connection target, Exception why) {
        try {
            target.rollback();
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    /** Nobody can write them any more. */
    private long compareLargeObjects() throws SQLException, CutoverGivenUp {
        LargeObjects.Pass pass = objects.run(freeze.left());
        if (!pass.isComplete()) {
            throw new CutoverGivenUp(
                    "The large objects could not be compared within the freeze: raise" + " spec.cutover.maxFreeze");
        }
        return pass.compared();
    }
}
