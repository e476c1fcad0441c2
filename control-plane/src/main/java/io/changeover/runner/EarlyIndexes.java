package io.changeover.runner;

import io.changeover.postgres.TableName;
import io.changeover.schema.SchemaCopy;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes keys and indexes of tables whose rows are there while others are still loaded. What it has not made, or could
 * not, the step after the load makes, or names. To be called by one thread.
 */
final class EarlyIndexes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EarlyIndexes.class);

    private final SchemaCopy schema;
    private final Set<TableName> begun = new HashSet<>();
    private @Nullable ExecutorService thread;
    private @Nullable Future<?> underWay;

    EarlyIndexes(SchemaCopy schema) {
        this.schema = schema;
    }

    /**
     * Begins with those that are new, unless it is at work.
     *
     * @param loaded tables whose rows are all there
     */
    void look(Set<TableName> loaded) {
        Future<?> last = underWay;
        if ((last != null && !last.isDone()) || begun.containsAll(loaded)) {
            return;
        }
        Set<TableName> tables = new HashSet<>(loaded);
        tables.removeAll(begun);
        begun.addAll(tables);
        ExecutorService own = thread;
        if (own == null) {
            own = Executors.newSingleThreadExecutor(task -> new Thread(task, "changeover-early-indexes"));
            thread = own;
        }
        underWay = own.submit(() -> make(tables));
    }

    private void make(Set<TableName> tables) {
        try {
            schema.createKeysAndIndexesOf(tables);
        } catch (SQLException | IOException e) {
            LOG.warn("Keys and indexes of {} are made when all tables are loaded", tables, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until nothing is under way. */
    void await() throws InterruptedException {
        Future<?> last = underWay;
        if (last != null) {
            try {
                last.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
        close();
    }

    /** Gives up what is under way. */
    @Override
    public void close() {
        ExecutorService own = thread;
        thread = null;
        underWay = null;
        if (own != null) {
            own.shutdownNow();
        }
    }
}
