package io.changeover.runner;

import io.changeover.cutover.CutoverGivenUp;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.CutoverResult;
import io.changeover.spec.CutoverSpec;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What there is to do for the way back of a pair. Each method can be called again at any time, whatever became of the
 * last call, and then goes on where that was.
 */
interface BackWork extends AutoCloseable {

    /**
     * Prepares it, before the fence: publication, capture and change topic of the target, the ledger of the old source.
     *
     * @return whether the capture runs and its first offset is stored
     */
    boolean prepare() throws StepFailed, SQLException;

    /** Identifies the marker that the last cutover of this process has written on the target. */
    String marker();

    /** Applies to the old source what the target changes behind the marker; whether it has begun. */
    boolean start(String marker) throws StepFailed, SQLException;

    /** Whether capture and sink run; starts again what failed. */
    boolean following() throws StepFailed;

    /** What the guard and the foreign keys have against a rollback, a sentence each. */
    List<String> guardProblems() throws SQLException;

    /**
     * Switches back; the target stays locked until {@link #open}, {@link #undo} or {@link #letGo}.
     *
     * @param withdrawn who does not want it any more
     * @throws CutoverGivenUp if it did not work out; the target is writable
     * @throws SQLException if a server failed; the target is writable, or will be after {@link #undo}
     */
    CutoverResult switchBack(CutoverSpec spec, Supplier<Optional<String>> withdrawn)
            throws SQLException, CutoverGivenUp;

    /**
     * Ends the freeze, right before the old source is recorded as the one to write to.
     *
     * @return why that may not be recorded any more; empty if it may
     */
    Optional<String> settle();

    /** Undoes what a rollback that was not recorded, or may not be, has left. */
    void undo() throws SQLException;

    /** Lets the old source be written to, and lets go of the target's locks. */
    void open() throws SQLException;

    /** Compares both sides. */
    ComparisonResult compare() throws SQLException, InterruptedException;

    /** Removes connectors, slot and publication; whether all of it is done. */
    boolean cleanUp() throws SQLException;

    /**
     * Removes all of it: also ledger and topic, and what is set aside on the old source is back.
     *
     * @return whether all of it is done
     */
    boolean remove() throws StepFailed, SQLException, InterruptedException;

    /** Lets the target that was left be written to again. */
    void releaseTarget() throws SQLException;

    /** Lets go of what a rollback holds, if one does. */
    void letGo();

    @Override
    void close();
}
