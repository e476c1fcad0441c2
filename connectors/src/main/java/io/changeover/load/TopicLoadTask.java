package io.changeover.load;

import io.changeover.contract.LoadProgress;
import io.changeover.contract.Version;
import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.PublishedTables;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads its tables one after the other, the largest first, on a thread of its own. That a table is in the topic, all of
 * it, is a source offset of Connect, stored when its last record is there; a table without one is read from its
 * beginning.
 */
public final class TopicLoadTask extends SourceTask {

    private static final Logger LOG = LoggerFactory.getLogger(TopicLoadTask.class);

    private static final Duration STOP = Duration.ofSeconds(4);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final int TABLES_IN_A_RECORD = 1000;

    /** Pieces in memory. */
    private static final int AHEAD = 8;

    private final BlockingQueue<SourceRecord> read = new ArrayBlockingQueue<>(AHEAD);
    private final Map<TableName, LoadProgress> progress = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private @Nullable TopicLoadConfig config;
    private @Nullable Thread reader;
    private long told = System.nanoTime();

    @Override
    public void start(Map<String, String> properties) {
        TopicLoadConfig given = new TopicLoadConfig(properties);
        config = given;
        Thread thread = new Thread(() -> readAll(given), "changeover-load-" + properties.get("name"));
        reader = thread;
        thread.start();
    }

    private void readAll(TopicLoadConfig given) {
        try {
            Deque<LoadLedger.Entry> left = new ArrayDeque<>(left(given));
            TopicCopy copy = new TopicCopy(
                    given.source(),
                    new Throttle(() -> given.getLong(TopicLoadConfig.BYTES_PER_SECOND), System::nanoTime),
                    (entry, message, amount) -> put(given, entry, message, amount),
                    () -> stop.getCount() == 0);
            int inVain = 0;
            while (!left.isEmpty() && stop.getCount() > 0) {
                LoadLedger.Entry next = left.removeFirst();
                if (isRead(copy, next)) {
                    inVain = 0;
                } else {
                    left.addLast(next);
                    inVain++;
                    if (inVain >= left.size() && stop.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException | RuntimeException e) {
            failure.set(e);
        }
    }

    /** Whether it could be read, and not somebody on the source has it for himself. */
    private static boolean isRead(TopicCopy copy, LoadLedger.Entry entry) throws SQLException, InterruptedException {
        try {
            copy.run(entry);
            return true;
        } catch (SQLException e) {
            if (SourceSnapshot.BUSY.equals(e.getSQLState())) {
                LOG.info("Table {} has to wait: {}", entry.table(), e.getMessage());
                return false;
            }
            throw new SQLException("table " + entry.table() + ": " + e.getMessage(), e.getSQLState(), e);
        }
    }

    /** The first task tells of all tables. */
    private List<LoadLedger.Entry> left(TopicLoadConfig given) throws SQLException, InterruptedException {
        List<LoadLedger.Entry> all;
        try (Connection source = Connections.open(given.source(), "changeover-load")) {
            all = TableSizes.of(source, PublishedTables.read(source, given.getString(LoadConfig.PUBLICATION)));
        }
        int number = given.getInt(TopicLoadConfig.TASK);
        for (int from = 0; number == 0 && from < all.size(); from += TABLES_IN_A_RECORD) {
            List<LoadLedger.Entry> some = all.subList(from, Math.min(all.size(), from + TABLES_IN_A_RECORD));
            read.put(new TopicMessage.Queue(some)
                    .toRecord(given.getString(TopicLoadConfig.TOPIC), Map.of("queue", from), Map.of("told", true)));
        }
        List<LoadLedger.Entry> mine = all.stream()
                .filter(entry ->
                        Math.floorMod(entry.table().quoted().hashCode(), given.getInt(TopicLoadConfig.TASKS)) == number)
                .toList();
        Map<Map<String, String>, Map<String, Object>> offsets = context.offsetStorageReader()
                .offsets(mine.stream().map(entry -> partition(entry.table())).toList());
        return mine.stream()
                .filter(entry -> {
                    @Nullable Map<String, Object> stored = offsets.get(partition(entry.table()));
                    return stored == null || !"read".equals(stored.get("state"));
                })
                .sorted(Comparator.comparing(entry -> -entry.estimatedBytes()))
                .toList();
    }

    private static Map<String, String> partition(TableName table) {
        return Map.of("table", table.quoted());
    }

    private void put(TopicLoadConfig given, LoadLedger.Entry entry, TopicMessage message, CopyPipe.Amount amount)
            throws InterruptedException {
        TableName table = entry.table();
        boolean isRead = message instanceof TopicMessage.End;
        read.put(message.toRecord(
                given.getString(TopicLoadConfig.TOPIC),
                partition(table),
                Map.of("state", isRead ? "read" : "reading")));
        // that it is done is for the target to say
        progress.put(table, new LoadProgress(table, 0, 0, false, entry.estimatedRows(), amount.rows(), amount.bytes()));
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        Exception failed = failure.get();
        TopicLoadConfig settings = config;
        if (settings == null || stop.getCount() == 0) {
            return null;
        }
        if (failed != null) {
            throw new ConnectException("The load failed: " + failed.getMessage(), failed);
        }
        List<SourceRecord> records = new ArrayList<>();
        long every = settings.getLong(LoadConfig.PROGRESS_INTERVAL);
        SourceRecord first = read.poll(Math.min(every, LOOK_AGAIN.toMillis()), TimeUnit.MILLISECONDS);
        if (first != null) {
            records.add(first);
            read.drainTo(records);
        }
        if (System.nanoTime() - told > TimeUnit.MILLISECONDS.toNanos(every)) {
            told = System.nanoTime();
            List.copyOf(progress.keySet()).stream()
                    .map(progress::remove)
                    .map(at -> asJson(LoadTask.record(settings.getString(LoadConfig.PROGRESS_TOPIC), at)))
                    .forEach(records::add);
        }
        return records.isEmpty() ? null : records;
    }

    /** As Kafka's JsonConverter would write it: the connector's converter is for bytes. */
    private static SourceRecord asJson(SourceRecord progress) {
        return progress.newRecord(
                progress.topic(),
                progress.kafkaPartition(),
                progress.keySchema(),
                progress.key(),
                Schema.BYTES_SCHEMA,
                TopicMessage.json(progress.value()),
                progress.timestamp());
    }

    @Override
    public void stop() {
        stop.countDown();
        Thread thread = reader;
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(STOP.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String version() {
        return Version.current();
    }
}
