package io.changeover.cutover;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time box of a cutover: from {@link #begin} on everything together may take so long and no longer, and at any
 * moment a person may have it given up. A thread of its own watches for both. When it is over the statements of all
 * sessions that the cutover has are cancelled, and if that is of no use, because a server does not answer any more, the
 * sessions are cut off: whatever a step waits for, the fence is lifted.
 *
 * <p>It is decided once: either {@link #settle} says that it was in time, or there is a {@link #reason}. Thread-safe.
 */
final class Freeze implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Freeze.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final Duration CANCEL_EVERY = Duration.ofMillis(200);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private enum Outcome {
        OPEN,
        GIVEN_UP,
        SETTLED
    }

    private final Duration longest;
    private final Supplier<Optional<String>> withdrawn;
    private final Supplier<Optional<String>> late;
    private final Course course;
    private final Set<Connection> sessions = ConcurrentHashMap.newKeySet();
    private final Thread watchdog = new Thread(this::watch, "changeover-freeze");
    private Outcome outcome = Outcome.OPEN;
    private String why = "";
    private String step = "the beginning";
    private boolean begun;
    private long deadline;
    private volatile boolean closed;

    /**
     * Watches from now on.
     *
     * @param longest how long it may take from {@link #begin} on
     * @param withdrawn says who does not want the cutover any more; asked often
     * @param course is told of each step, within the same time
     */
    Freeze(Duration longest, Supplier<Optional<String>> withdrawn, Course course) {
        this(longest, withdrawn, Optional::empty, course);
    }

    /**
     * The same, and it may be too late to begin.
     *
     * @param late says why the fence may not be raised any more; asked often until {@link #begin}
     */
    Freeze(Duration longest, Supplier<Optional<String>> withdrawn, Supplier<Optional<String>> late, Course course) {
        this.longest = longest;
        this.withdrawn = withdrawn;
        this.late = late;
        this.course = course;
        watchdog.setDaemon(true);
        watchdog.start();
    }

    /** The fence is up since then, by {@link System#nanoTime()}. */
    synchronized void begin(long raisedAt) {
        begun = true;
        deadline = raisedAt + longest.toNanos();
    }

    /** Has what a session does end with the freeze. */
    void include(Connection session) {
        sessions.add(session);
    }

    /** The next step begins. */
    void enter(String name) throws CutoverGivenUp {
        check();
        synchronized (this) {
            step = name;
        }
        course.entering(name, new Course.Time(left(), this::reason));
        check();
    }

    /** Throws if it is over. */
    void check() throws CutoverGivenUp {
        look();
        Optional<String> over = reason();
        if (over.isPresent()) {
            throw new CutoverGivenUp(over.get());
        }
    }

    /** What is left of the time; all of it before {@link #begin}, and a millisecond at least. */
    synchronized Duration left() {
        Duration left = begun ? Duration.ofNanos(deadline - System.nanoTime()) : longest;
        return left.toMillis() < 1 ? Duration.ofMillis(1) : left;
    }

    /** Why it is over; empty if it is not. */
    synchronized Optional<String> reason() {
        return outcome == Outcome.GIVEN_UP ? Optional.of(why) : Optional.empty();
    }

    /** Whether it was in time and is still wanted; from then on it does not end any more. */
    boolean settle() {
        look();
        synchronized (this) {
            if (outcome == Outcome.OPEN) {
                outcome = Outcome.SETTLED;
            }
            return outcome == Outcome.SETTLED;
        }
    }

    /** Whoever is asked may hold a lock of its own, under which {@link #settle} is called: so it is asked before. */
    private void look() {
        decide(withdrawn.get(), late.get());
    }

    private synchronized void decide(Optional<String> who, Optional<String> tooLate) {
        if (outcome != Outcome.OPEN) {
            return;
        }
        if (who.isPresent()) {
            outcome = Outcome.GIVEN_UP;
            why = "Aborted by " + who.get() + "; the source is writable";
        } else if (!begun && tooLate.isPresent()) {
            outcome = Outcome.GIVEN_UP;
            why = tooLate.get() + ": " + step + ". The source is writable";
        } else if (begun && System.nanoTime() - deadline > 0) {
            outcome = Outcome.GIVEN_UP;
            why = "The freeze may last " + longest.toMillis() + " ms (spec.cutover.maxFreeze), and this was not done in"
                    + " time: " + step + ". The source is writable";
        }
    }

    private void watch() {
        while (!closed && reason().isEmpty()) {
            look();
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        long cutOff = System.nanoTime() + GRACE.toNanos();
        while (!closed) { // again and again: a statement may have begun just now
            boolean patient = System.nanoTime() - cutOff < 0;
            for (Connection session : sessions) {
                CompletableFuture<Void> unused =
                        CompletableFuture.runAsync(() -> end(session, patient)); // one that hangs holds up no other
            }
            LockSupport.parkNanos(CANCEL_EVERY.toNanos());
        }
    }

    private void end(Connection session, boolean patient) {
        if (closed) {
            return;
        }
        try {
            if (patient) {
                session.unwrap(PGConnection.class).cancelQuery();
            } else {
                session.abort(Runnable::run);
            }
        } catch (SQLException e) {
            LOG.debug("A session of the cutover has ended already", e);
        }
    }

    /** Watches no more. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(watchdog);
    }
}
