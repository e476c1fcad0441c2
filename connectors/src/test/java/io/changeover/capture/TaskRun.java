package io.changeover.capture;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.source.TransactionContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** The life of a source task without Connect: it starts from a stored offset, is polled for a while, and stops. */
final class TaskRun {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private TaskRun() {}

    /**
     * Runs the task.
     *
     * @param stored what Connect would have stored for the only partition
     * @param last the record after which the task is stopped
     * @return the records up to the last one
     */
    static List<SourceRecord> collect(
            SourceTask task, Map<String, String> settings, Map<String, ?> stored, Predicate<SourceRecord> last)
            throws InterruptedException {
        start(task, settings, new HashMap<>(stored));
        try {
            return poll(task, last);
        } finally {
            task.stop();
        }
    }

    /**
     * Starts the task; whoever calls stops it.
     *
     * @param stored what Connect has stored, now and whenever it is asked; empty for nothing
     */
    static void start(SourceTask task, Map<String, String> settings, Map<String, Object> stored) {
        task.initialize(new StoredOffset(settings, stored));
        task.start(settings);
    }

    /** Polls up to the last record, also over restarts of the task after errors that pass. */
    static List<SourceRecord> poll(SourceTask task, Predicate<SourceRecord> last) throws InterruptedException {
        List<SourceRecord> records = new ArrayList<>();
        Instant deadline = Instant.now().plus(DEADLINE);
        while (Instant.now().isBefore(deadline)) {
            List<SourceRecord> polled = pollOnce(task);
            for (SourceRecord record : polled == null ? List.<SourceRecord>of() : polled) {
                records.add(record);
                if (last.test(record)) {
                    return records;
                }
            }
        }
        throw new AssertionError(
                "The last record did not come in " + DEADLINE + ", only " + records.size() + " others");
    }

    private static List<SourceRecord> pollOnce(SourceTask task) throws InterruptedException {
        try {
            return task.poll();
        } catch (RetriableException e) {
            return List.of(); // as Connect does
        }
    }

    private record StoredOffset(Map<String, String> configs, Map<String, Object> stored)
            implements SourceTaskContext, OffsetStorageReader {

        @Override
        public OffsetStorageReader offsetStorageReader() {
            return this;
        }

        @Override
        public <T> Map<String, Object> offset(Map<String, T> partition) {
            return stored.isEmpty() ? null : stored;
        }

        @Override
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
            Map<Map<String, T>, Map<String, Object>> offsets = new HashMap<>();
            partitions.forEach(partition -> offsets.put(partition, offset(partition)));
            return offsets;
        }

        @Override
        public TransactionContext transactionContext() {
            return null;
        }

        @Override
        public PluginMetrics pluginMetrics() {
            return null;
        }
    }
}
