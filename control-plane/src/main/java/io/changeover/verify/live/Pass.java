package io.changeover.verify.live;

import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.WalFunctions;
import io.changeover.verify.TableDigest;
import io.changeover.verify.live.TableVerification.State;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares tables part by part, on threads of its own. Each thread has a connection to each side. What it is told by a
 * server that goes away is tried again; a table that cannot be read is left with the reason.
 */
final class Pass implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pass.class);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(2);
    private static final Duration FULL = Duration.ofMillis(100);
    private static final Duration MARK = Duration.ofSeconds(30);
    private static final int TRIES = 5;
    private static final int WHOLE_TRIES = 3;
    private static final int MOST_OPEN = 20_000;
    private static final List<String> PASSING = List.of("08", "57P", "53", "40", "55P03");

    private final ServerSettings source;
    private final ServerSettings target;
    private final Marks.Opener marks;
    private final Tracking tracking;
    private final int dutyPercent;
    private final Clock clock;
    private final Deque<TableWalk> tables = new ArrayDeque<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final List<Sides> opened = new ArrayList<>();

    /** Whether changes up to where the target is now have been seen. */
    @FunctionalInterface
    interface Tracking {
        boolean await(Duration patience) throws InterruptedException;
    }

    Pass(
            ServerSettings source,
            ServerSettings target,
            Marks.Opener marks,
            Tracking tracking,
            int dutyPercent,
            Clock clock) {
        this.source = source;
        this.target = target;
        this.marks = marks;
        this.tracking = tracking;
        this.dutyPercent = dutyPercent;
        this.clock = clock;
    }

    /** Begins with what has just been restarted, the smallest table first. */
    void start(Collection<TableWalk> walks, int parallelism) {
        walks.stream()
                .sorted(Comparator.comparingLong(walk -> walk.table().bytes()))
                .forEach(tables::add);
        for (int i = 0; i < parallelism; i++) {
            Sides sides = new Sides(source, target);
            opened.add(sides);
            Thread thread = new Thread(() -> work(sides), "changeover-verify-" + target.database() + "-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    /** Whether every table was gone through, or it was ended. */
    boolean isOver() {
        return threads.stream().noneMatch(Thread::isAlive);
    }

    /** Waits until it is over. */
    void awaitEnd() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private record Task(TableWalk walk, Slice slice) {}

    private void work(Sides sides) {
        try (sides) {
            for (Task task = next(sides); task != null && over.getCount() > 0; task = next(sides)) {
                long begin = System.nanoTime();
                compare(task, sides);
                long took = System.nanoTime() - begin;
                rest(Duration.ofNanos(took * (100 - dutyPercent) / dutyPercent));
                waitWhileFull(task.walk());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("A verification stopped by an error of this program", e);
        }
    }

    /** The next part; null if there is none. */
    private @Nullable Task next(Sides sides) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            TableWalk at = null;
            try {
                synchronized (this) {
                    while (!tables.isEmpty()) {
                        at = tables.getFirst();
                        Optional<Slice> slice = at.next(sides.source());
                        if (slice.isPresent()) {
                            return new Task(at, slice.get());
                        }
                        tables.removeFirst();
                    }
                    return null;
                }
            } catch (SQLException e) {
                if (over.getCount() == 0) {
                    return null;
                }
                sides.disconnect();
                if (at != null && (tries >= TRIES || !passes(e))) {
                    unreadable(at, e);
                    remove(at);
                } else {
                    rest(AFTER_TROUBLE);
                }
            }
        }
    }

    private synchronized void remove(TableWalk walk) {
        tables.remove(walk);
    }

    private void compare(Task task, Sides sides) throws InterruptedException {
        TableWalk walk = task.walk();
        for (int tries = 1; ; tries++) {
            try {
                if (walk.table().hasKey()) {
                    compareRows(task, sides);
                } else {
                    compareWhole(walk, sides);
                }
                return;
            } catch (SQLException e) {
                sides.disconnect();
                if (over.getCount() == 0) {
                    return;
                }
                if (tries >= TRIES || !passes(e)) {
                    unreadable(walk, e);
                    return;
                }
                LOG.debug("Trying a part of {} again", walk.track().name(), e);
                rest(AFTER_TROUBLE);
            }
        }
    }

    private void compareRows(Task task, Sides sides) throws SQLException, InterruptedException {
        TableWalk walk = task.walk();
        SliceCheck check = new SliceCheck(walk.table(), sides);
        SliceCheck.Found found = walk.table().source().isOrdered()
                ? check.slice(task.slice())
                : check.buckets(Buckets.forRows(walk.table().rows()));
        String position = position(sides.source());
        synchronized (this) {
            walk.track().compared(walk.generation(), found);
            if (walk.done()) {
                walk.track().allCompared(walk.generation(), position, clock.instant());
                LOG.info("Compared {}: {}", walk.track().name(), walk.track().state());
            }
        }
    }

    /** Both at once if it keeps still; or else around a mark, as rows are asked for. */
    private void compareWhole(TableWalk walk, Sides sides) throws SQLException, InterruptedException {
        SliceCheck check = new SliceCheck(walk.table(), sides);
        for (int i = 0; i < WHOLE_TRIES; i++) {
            long changes = walk.track().changes();
            Sides.Both<TableDigest> then = check.whole();
            if (then.source().equals(then.target())) {
                tell(walk, sides, then.source().rows(), State.VERIFIED, changes);
                return;
            }
            boolean passed = pass();
            Sides.Both<TableDigest> now = check.whole();
            boolean seenAll = tracking.await(MARK);
            if (now.target().equals(now.source()) || now.target().equals(then.source())) {
                tell(walk, sides, now.source().rows(), State.VERIFIED, changes);
                return;
            }
            if (passed
                    && seenAll
                    && then.source().equals(now.source())
                    && walk.track().changes() == changes) {
                tell(walk, sides, now.source().rows(), State.DIFFERENT, changes);
                return;
            }
        }
        tell(walk, sides, 0, State.LEFT_TO_COMPARISON, walk.track().changes());
    }

    private boolean pass() throws SQLException {
        try (Marks way = marks.open()) {
            way.pass(MARK);
            return true;
        } catch (Marks.NotPassed e) {
            LOG.debug("The target is more behind than a verification waits for", e);
            return false;
        }
    }

    private void tell(TableWalk walk, Sides sides, long rows, State outcome, long changes) throws SQLException {
        walk.track().told(walk.generation(), rows, outcome, changes, position(sides.source()), clock.instant());
        LOG.info("Compared {}: {}", walk.track().name(), outcome);
    }

    private static String position(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select " + WalFunctions.of(source).inserted() + "::text")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private void unreadable(TableWalk walk, SQLException e) {
        LOG.warn("{} cannot be verified", walk.track().name(), e);
        walk.track().unreadable(walk.generation(), "cannot be compared: " + e.getMessage());
    }

    private static boolean passes(SQLException e) {
        String state = e.getSQLState();
        return state != null && PASSING.stream().anyMatch(state::startsWith);
    }

    private void waitWhileFull(TableWalk walk) throws InterruptedException {
        while (walk.track().open() > MOST_OPEN && walk.track().goesOn(walk.generation()) && over.getCount() > 0) {
            rest(FULL);
        }
    }

    private void rest(Duration time) throws InterruptedException {
        boolean unused = over.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        over.countDown();
        opened.forEach(Sides::disconnect);
        threads.forEach(Thread::interrupt);
    }
}
