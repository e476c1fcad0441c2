package io.changeover.sink.apply;

import io.changeover.sink.group.Group;
import io.changeover.sink.visibility.LoadedTables;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Prepares the group after the one that is being applied, in a thread of its own. Not thread-safe.
 *
 * <p>States: idle, with a prepared group or without; under way from {@link #begin} to {@link #end}.
 */
final class LookAhead {

    private static final String THREAD = "changeover-look-ahead";

    private final TableSets sets;
    private CompletableFuture<Optional<PreparedGroup>> next = CompletableFuture.completedFuture(Optional.empty());

    /**
     * Nothing is prepared yet.
     *
     * @param sets by which a group is planned
     */
    LookAhead(TableSets sets) {
        this.sets = sets;
    }

    /** A group, if it was prepared, and for the same state of the loads. */
    @SuppressWarnings("ReferenceEquality") // the same ones, not some that are like them
    Optional<PreparedGroup> prepared(Group group, LoadedTables loads) {
        return next.join().filter(each -> each.group() == group && each.loads() == loads);
    }

    /**
     * Forgets what was prepared, and begins.
     *
     * @param takeMore brings what the group may be made of
     * @param following the group, after that
     */
    void begin(Runnable takeMore, Supplier<Optional<Group>> following, LoadedTables loads) {
        next = CompletableFuture.supplyAsync(
                () -> {
                    takeMore.run();
                    return following.get().flatMap(group -> prepare(group, loads));
                },
                LookAhead::inThread);
    }

    private Optional<PreparedGroup> prepare(Group group, LoadedTables loads) {
        try {
            return PreparedGroup.of(group, loads, sets);
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private static void inThread(Runnable task) {
        Thread thread = new Thread(task, THREAD);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits until nothing is under way; {@link #end()} still tells how it went. */
    void await() {
        next.handle((prepared, failure) -> prepared).join();
    }

    /** Waits, and throws what the preparation has thrown. */
    void end() throws SQLException {
        try {
            next.join();
        } catch (CompletionException e) {
            next = CompletableFuture.completedFuture(Optional.empty());
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            } else if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
