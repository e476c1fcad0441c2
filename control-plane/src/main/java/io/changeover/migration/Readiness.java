package io.changeover.migration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a cutover needs, as it is now.
 *
 * @param state of the pair
 * @param connectorsRun whether capture and sink run, all their tasks
 * @param lag how far the target is behind, if it is known
 * @param problems what else stands in the way, a sentence each, such as a foreign key that does not hold
 */
public record Readiness(DatabaseState state, boolean connectorsRun, Optional<Duration> lag, List<String> problems) {

    public Readiness {
        problems = List.copyOf(problems);
    }

    /** A target that is less behind than this catches up within a short freeze. */
    public static final Duration CLOSE = Duration.ofSeconds(5);

    /** A target that was close is not, when it is more behind than this: so that the state does not flicker. */
    public static final Duration FAR = Duration.ofSeconds(15);

    /** Whether the target follows closely enough to be, or to stay, ready. */
    public boolean close() {
        Duration limit = state == DatabaseState.READY_TO_CUTOVER ? FAR : CLOSE;
        return connectorsRun
                && problems.isEmpty()
                && lag.isPresent()
                && lag.get().compareTo(limit) < 0;
    }

    /** Why a cutover cannot begin now, one sentence each; empty if it can. */
    public List<String> blockers() {
        List<String> blockers = new ArrayList<>();
        if (state != DatabaseState.READY_TO_CUTOVER) {
            blockers.add("the state is " + state + ", not " + DatabaseState.READY_TO_CUTOVER);
        }
        if (!connectorsRun) {
            blockers.add("a connector does not run");
        }
        if (lag.isEmpty()) {
            blockers.add("the lag is not known");
        } else if (lag.get().compareTo(CLOSE) >= 0) {
            blockers.add("the target is " + lag.get().toSeconds() + " s behind");
        }
        blockers.addAll(problems);
        return blockers;
    }
}
