package io.changeover.runner;

import io.changeover.cutover.CutoverGivenUp;
import io.changeover.cutover.LargeObjects;
import io.changeover.leader.Superseded;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.CutoverResult;
import io.changeover.migration.Evidence;
import io.changeover.migration.Rehearsal;
import io.changeover.migration.Side;
import io.changeover.postgres.TableName;
import io.changeover.spec.CutoverSpec;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What there is to do for a pair, on both servers and with its connectors. Each method can be called again at any time,
 * whatever became of the last call, and then goes on where that was.
 */
interface Work extends AutoCloseable {

    /**
     * Takes the pair over from a control plane that led it before, of which nothing takes effect any more afterwards.
     *
     * @throws Superseded if another one leads
     */
    void takeOver() throws SQLException;

    /**
     * From now on nothing is asked of these servers: they are gone for ever. To be called before {@link #takeOver}, and
     * again as often as one likes.
     */
    void abandon(Set<Side> servers);

    /** What was made on the servers that are gone, and stays there; a sentence each, with the SQL that removes it. */
    List<String> leftovers() throws SQLException;

    /** Looks at both servers; throws if something blocks. */
    Evidence.Preflight preflight() throws StepFailed;

    /** Makes the target's tables, and the ledger. */
    void structure() throws StepFailed, SQLException, IOException, InterruptedException;

    /** Makes the publication. */
    void publication() throws StepFailed, SQLException;

    /** Whether the capture runs and its first offset is stored. */
    boolean capture() throws StepFailed, SQLException;

    /** The source's WAL position after the last table was loaded, once it was. */
    Optional<LogSequenceNumber> load() throws StepFailed, SQLException;

    /** Makes keys, indexes and triggers. */
    void indexes() throws StepFailed, SQLException, IOException, InterruptedException;

    /** Whether the target has everything that the source had at a position, and passes no table over. */
    boolean applied(LogSequenceNumber upTo) throws StepFailed, SQLException;

    /** Makes and proves the foreign keys. */
    void foreignKeys() throws SQLException, IOException, InterruptedException;

    /** Goes on with the copy of the large objects, for a while. */
    LargeObjects.Pass largeObjects() throws SQLException;

    /** Gathers the planner's statistics. */
    void statistics() throws SQLException;

    /** Whether the capture runs; starts again what failed. */
    boolean capturing() throws StepFailed;

    /** Whether capture and sink run; starts again what failed. */
    boolean following() throws StepFailed;

    /** What the guard and the foreign keys have against a cutover, a sentence each. */
    List<String> guardProblems() throws SQLException;

    /** Has a table loaded again. */
    void reload(TableName table) throws StepFailed, SQLException;

    /**
     * Switches; the source stays locked until {@link #recorded}, {@link #undo} or {@link #letGo}.
     *
     * @param withdrawn who does not want it any more
     * @param late why it may not begin any more
     * @throws CutoverGivenUp if it did not work out; the source is writable
     * @throws SQLException if a server failed; the source is writable, or will be after {@link #rollBack}
     */
    CutoverResult cutOver(CutoverSpec spec, Supplier<Optional<String>> withdrawn, Supplier<Optional<String>> late)
            throws SQLException, CutoverGivenUp;

    /**
     * Ends the freeze, right before the target is recorded as the one to write to.
     *
     * @return why that may not be recorded any more; empty if it may
     */
    Optional<String> settle();

    /** Undoes a cutover that may not be recorded. */
    void undo() throws SQLException;

    /** Does what a cutover does, but for what applications would notice, so many times. */
    Rehearsal rehearse(CutoverSpec spec, int runs) throws SQLException, CutoverGivenUp;

    /** Lets go of the source's locks when the target is recorded as the one to write to. */
    void recorded() throws SQLException;

    /** Undoes what a cutover that was not recorded has left. */
    void rollBack() throws SQLException;

    /** Compares both sides. */
    ComparisonResult compare() throws SQLException, InterruptedException;

    /** What the ledger tells an auditor. */
    Evidence.Ledger evidence() throws SQLException;

    /** Removes connectors, slot and publication; whether all of it is done. */
    boolean cleanUp() throws SQLException;

    /** Ends what writes to the target, and if wanted what reads from the source; whether it has ended. */
    boolean halt(boolean captureToo);

    /** Lets go on what was halted. */
    void resume();

    /** Removes all that was made, and puts the target's constraints back; whether all of it is done. */
    boolean cancel() throws StepFailed, SQLException, InterruptedException;

    /** Removes what a completed migration has left; whether all of it is done. */
    boolean finish() throws SQLException;

    /** The way back. */
    BackWork back();

    /** Holds the source's rows and definitions as they are, for the comparison, before the way back changes them. */
    void hold() throws SQLException;

    /** Lets go of what a cutover holds, if one does. */
    void letGo();

    @Override
    void close();
}
