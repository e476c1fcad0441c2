package io.changeover.runner;

import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Evidence;
import io.changeover.migration.Readiness;
import io.changeover.spec.CutoverSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a {@link DatabaseRunner} needs besides the {@link Work}: what is remembered of its pair, and what is seen. */
interface Led {

    /** What is remembered. */
    DatabaseStatus status();

    /** How it cuts over, as it is now: it may be changed while the migration runs. */
    CutoverSpec cutoverSpec();

    /** Changes what is remembered; when it returns, that is stored. */
    void change(UnaryOperator<DatabaseStatus> change);

    /** Why the slot is of no use any more; empty if it is not known to be lost. */
    Optional<String> slotLost();

    /** What a cutover would need. */
    Readiness readiness(DatabaseState state);

    /** Why a cutover cannot begin now, looked at anew, a sentence each. */
    List<String> blockers();

    /** What {@link #blockers} looked at last. */
    List<Evidence.Gate> gates();

    /** Whether these pairs of the same migration can begin their cutovers too, or have. */
    boolean areArmed(List<String> databases);

    /** From now on there is a load's progress to be seen. */
    void loadBegins();

    /** What the last look at the connectors said. */
    void connectorsRun(boolean running);

    /** What the last look at guard and foreign keys said. */
    void problems(List<String> found);

    /** Whether the migration file asks for a way back. */
    boolean fallbackWanted();

    /** From now on there is a stream back to be seen. */
    void backBegins();

    /** What the last look at the connectors of the way back said. */
    void backRuns(boolean running);

    /** What the last look at the old source's guard and foreign keys said. */
    void backProblems(List<String> found);

    /** Why a rollback cannot begin now, looked at anew, a sentence each. */
    List<String> backBlockers();

    /** What {@link #backBlockers} looked at last. */
    List<Evidence.Gate> backGates();

    /**
     * Lets time pass.
     *
     * @return whether the runner is to end
     */
    boolean pause(Duration time) throws InterruptedException;

    /** Whether the runner is to end. */
    boolean isOver();
}
