package io.changeover.cutover;

import io.changeover.migration.CutoverResult;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.sink.guard.ConstraintGuard;
import io.changeover.verify.HeldSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/**
 * The switch of one database pair: fence → marker → drain → sequences → triggers and rules → materialized views → the
 * source is lastingly read-only → the target is opened by whoever records the result → the fence's locks go.
 *
 * <p>Until the result is recorded nothing has happened that {@link #rollBack} does not undo, in this process or in the
 * next: the locks go with their connection. From the fence to {@link #settle} it is in a {@link Freeze}.
 */
public final class Cutover implements AutoCloseable {

    /** How many tables the comparison reads at a time. */
    public static final int READERS = 2;

    /** A target that says nothing for so long is asked again by the next attempt to roll back. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final Fence fence;
    private final Freeze freeze;
    private final HeldSnapshot sourceRows;
    private final HeldSnapshot targetRows;
    private final CutoverResult result;
    private final Positions sequences;

    /** The sequences of both sides, as they were when the target's had been set. */
    public record Positions(Map<TableName, Sequences.State> source, Map<TableName, Sequences.State> target) {}

    Cutover(
            Fence fence,
            Freeze freeze,
            HeldSnapshot sourceRows,
            HeldSnapshot targetRows,
            CutoverResult result,
            Positions sequences) {
        this.fence = fence;
        this.freeze = freeze;
        this.sourceRows = sourceRows;
        this.targetRows = targetRows;
        this.result = result;
        this.sequences = sequences;
    }

    /**
     * Switches, up to the point where the target may be opened.
     *
     * @throws CutoverGivenUp if it did not work out in time, or is not wanted any more; the source is writable
     * @throws SQLException if a server failed; the source is writable, or will be after {@link #rollBack}
     */
    public static Cutover perform(Sides sides, Terms terms) throws SQLException, CutoverGivenUp {
        ServerSettings source = sides.source();
        ServerSettings target = sides.target();
        Spares spares = Spares.open(source, target);
        Freeze freeze = new Freeze(terms.spec().maxFreeze(), terms.withdrawn(), terms.late(), terms.course());
        boolean switched = false;
        try (MarkerWait marker =
                        MarkerWait.prepare(source, target, sides.names().changeTopic());
                LargeObjects objects = LargeObjects.open(source, target)) {
            Cutover cutover = new Attempt(sides, terms, freeze, spares, marker, objects).run();
            switched = true;
            return cutover;
        } finally {
            if (!switched) {
                freeze.close();
                spares.close();
            }
        }
    }

    /**
     * Undoes what a cutover that did not end has left. The source first, whatever becomes of the target: the sink has
     * lost the stream if triggers of the target fire, and does not get it back before they are quiet again. Safe to
     * call at any time before the target is opened.
     */
    public static void rollBack(ServerSettings source, ServerSettings target) throws SQLException {
        try {
            Fence.readOnly(source, false);
        } finally {
            try (Connection connection = Connections.open(target, "changeover-control", SILENCE)) {
                ConstraintGuard.raise(connection);
            }
        }
    }

    /**
     * Ends the freeze: either it was in time and is still wanted, and from now on nothing lifts the fence by itself, or
     * it was not.
     *
     * @return whether the target may be opened
     */
    public boolean settle() {
        return freeze.settle();
    }

    /** Why it may not; to be asked after {@link #settle}. */
    public String reason() {
        return freeze.reason().orElse("It is not wanted any more");
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

    /** Whether both snapshots are still there. */
    public boolean hasSnapshots() {
        return sourceRows.isHeld() && targetRows.isHeld();
    }

    /** Lets go of the locks. Call it when the target is recorded as the one to write to. */
    public void finish() throws SQLException {
        freeze.close();
        fence.lower();
    }

    @Override
    public void close() throws SQLException {
        freeze.close();
        try (fence;
                sourceRows) {
            targetRows.close();
        }
    }
}
