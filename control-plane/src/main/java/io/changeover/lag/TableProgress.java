package io.changeover.lag;

import io.changeover.contract.TableCounts;
import io.changeover.postgres.TableName;
import java.time.Duration;
import java.util.Optional;

/**
 * How far a table is.
 *
 * @param state of the load
 * @param estimatedRows the source's estimate before the load
 * @param rows loaded so far
 * @param bytes loaded so far, as COPY carries them
 * @param rowsPerSecond while it is being loaded
 * @param rest how long the load will take at this rate, if that can be said
 * @param parts into how many it is divided; 0 if it is not
 * @param partsDone how many of them are loaded
 * @param error why it was not loaded when it was tried last
 * @param applied changes applied since
 * @param pending changes captured and not applied
 */
public record TableProgress(
        TableName table,
        LoadState state,
        long estimatedRows,
        long rows,
        long bytes,
        double rowsPerSecond,
        Optional<Duration> rest,
        int parts,
        int partsDone,
        Optional<String> error,
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
