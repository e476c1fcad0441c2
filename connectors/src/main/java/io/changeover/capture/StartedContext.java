package io.changeover.capture;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.source.TransactionContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * Connect's context, in which the offset of a first start is there from the beginning: the consistent point of the slot
 * that the task has just created. Debezium then reads on from it, as after any restart.
 */
final class StartedContext implements SourceTaskContext {

    private final SourceTaskContext context;
    private final Map<Map<String, ?>, Map<String, Object>> beginnings = new HashMap<>();

    StartedContext(SourceTaskContext context) {
        this.context = context;
    }

    /** What Connect has stored, or null. */
    @Nullable
    Map<String, Object> stored(Map<String, String> partition) {
        return context.offsetStorageReader().offset(partition);
    }

    /** Answers with this offset as long as Connect has none. */
    synchronized void startFrom(Map<String, String> partition, Map<String, Object> offset) {
        beginnings.put(partition, offset);
    }

    @Override
    public Map<String, String> configs() {
        return context.configs();
    }

    @Override
    public OffsetStorageReader offsetStorageReader() {
        return new Reader(context.offsetStorageReader());
    }

    @Override
    public TransactionContext transactionContext() {
        return context.transactionContext();
    }

    @Override
    public PluginMetrics pluginMetrics() {
        return context.pluginMetrics();
    }

    private synchronized @Nullable Map<String, Object> beginning(Map<String, ?> partition) {
        return beginnings.get(partition);
    }

    private final class Reader implements OffsetStorageReader {

        private final OffsetStorageReader reader;

        Reader(OffsetStorageReader reader) {
            this.reader = reader;
        }

        @Override
        @SuppressWarnings("NullAway") // Connect's contract: null if there is none
        public <T> Map<String, Object> offset(Map<String, T> partition) {
            Map<String, Object> stored = reader.offset(partition);
            return stored != null ? stored : beginning(partition);
        }

        @Override
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
            Map<Map<String, T>, Map<String, Object>> offsets = new HashMap<>();
            for (Map<String, T> partition : partitions) {
                Map<String, Object> found = offset(partition);
                if (found != null) {
                    offsets.put(partition, found);
                }
            }
            return offsets;
        }
    }
}
