package io.changeover.cli;

import io.changeover.api.Views;
import java.time.Duration;

/** Waits until the old source follows, and for a while until it could take over again. Not thread-safe. */
final class WayBackWait {

    /** The first looks at a stream that was just started. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private long deadline;
    private boolean follows;

    /** Whether there is nothing to wait for any more: what was moved is compared, too. */
    boolean isOver(Views.DatabaseView database) {
        boolean isThere = database.comparison().isPresent()
                && database.fallback()
                        .filter(back -> back.phase().equals("FOLLOWING"))
                        .isPresent();
        if (isThere && !follows) {
            follows = true;
            deadline = System.nanoTime() + PATIENCE.toNanos();
        }
        return isThere
                && (System.nanoTime() - deadline > 0
                        || database.fallback()
                                .filter(back -> back.blockers().isEmpty())
                                .isPresent());
    }
}
