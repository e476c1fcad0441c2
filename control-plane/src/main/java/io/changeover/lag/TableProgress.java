package io.changeover.lag;

import io.changeover.contract.TableCounts;
import io.changeover.postgres.TableName;

/**
 * How far a table is.
 *
 * @param state of the load
 * @param estimatedRows the source's estimate before the load
 * @param rows loaded so far
 * @param bytes loaded so far, as COPY carries them
 * @param applied changes applied since
 * @param pending changes captured and not applied
 */
public record TableProgress(
        TableName table,
        LoadState state,
        long estimatedRows,
        long rows,
        long bytes,
        TableCounts applied,
        long pending) {

    /** Where the load of a table is. */
    public enum LoadState {
        WAITING,
        LOADING,
        /** Loaded again; the stream is read again for the changes that it has passed over. */
        CATCHING_UP,
        LOADED
    }
}
