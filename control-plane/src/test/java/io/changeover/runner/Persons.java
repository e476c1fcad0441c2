package io.changeover.runner;

import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Step;
import io.changeover.migration.Wish;
import io.changeover.postgres.TableName;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What the persons of a {@link SharedWorld} want, one thing after the other, of whoever leads. */
final class Persons {

    /** What happens in a life before the next one begins. */
    enum Script {
        CUT_OVER,
        RELOAD_AND_CUT_OVER,
        CUT_OVER_AND_ROLL_BACK,
        CANCEL
    }

    private static final int LIVES = 2;

    private final Script script;
    private boolean reloaded;
    private int lives = 1;

    Persons(Script script) {
        this.script = script;
    }

    /** What they want now, seeing a pair. */
    Optional<UnaryOperator<DatabaseStatus>> next(DatabaseStatus seen) {
        if (wantWayBack() && seen.rollbackRefusal().isEmpty()) {
            return Optional.of(DatabaseStatus::withRollbackRequested);
        }
        boolean ready = seen.state() == DatabaseState.READY_TO_CUTOVER
                && seen.wish().isEmpty()
                && !seen.done().contains(Step.IN_SYNC);
        if (!ready) {
            return Optional.empty();
        }
        if (script == Script.CANCEL && lives == 1) {
            return Optional.of(status -> status.wishing(Wish.CANCEL));
        }
        if (script == Script.RELOAD_AND_CUT_OVER && !reloaded) {
            reloaded = true;
            return Optional.of(status -> status.withReload(Set.of(new TableName("s", "t"))));
        }
        return seen.cutoverRequested() || seen.reloads().size() > 0
                ? Optional.empty()
                : Optional.of(DatabaseStatus::withCutoverRequested);
    }

    boolean wantWayBack() {
        return script == Script.CUT_OVER_AND_ROLL_BACK;
    }

    boolean wantAnotherLife() {
        return lives++ < LIVES;
    }
}
