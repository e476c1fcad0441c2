package io.changeover.load;

import io.changeover.contract.LoadProgress;
import io.changeover.contract.Version;
import io.changeover.postgres.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads tables and parts of tables until all are loaded, on a thread of its own, so that Connect can stop it;
 * {@link #poll()} hands the progress to Connect. A table that fails stops the task with the reason; what is done stays
 * done. A task that finds nothing to do waits, for another one may fail.
 */
public final class LoadTask extends SourceTask {

    private static final Logger LOG = LoggerFactory.getLogger(LoadTask.class);

    private static final Duration STOP = Duration.ofSeconds(4);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    /** What the last record of something was about. */
    private record Part(TableName table, int number) {}

    /** All is loaded; but until somebody stops the task, a table may be put into the queue to be loaded again. */
    private static final Duration LOOK_FOR_MORE = Duration.ofSeconds(1);

    private final Map<Part, LoadProgress> unsent = new ConcurrentHashMap<>();
    private final LoadFigures figures = new LoadFigures();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private @Nullable LoadConfig config;
    private @Nullable SharedLimit limit;
    private @Nullable Thread loader;

    @Override
    public void start(Map<String, String> properties) {
        LoadConfig given = new LoadConfig(properties);
        config = given;
        SharedLimit shared = new SharedLimit(given.target());
        limit = shared;
        LoadMetrics.register(context, figures, shared::bytesPerSecond);
        Thread thread = new Thread(() -> loadAll(given, shared), "changeover-load-" + properties.get("name"));
        loader = thread;
        thread.start();
    }

    private void tell(LoadProgress progress) {
        figures.add(progress);
        unsent.put(new Part(progress.table(), progress.part()), progress);
    }

    private void loadAll(LoadConfig given, SharedLimit within) {
        try (Loader all = new Loader(
                given.source(),
                given.target(),
                given.getLong(LoadConfig.PART_BYTES),
                this::tell,
                within::bytesPerSecond,
                () -> stop.getCount() == 0)) {
            while (stop.getCount() > 0) {
                switch (all.next()) {
                    case WORKED -> {}
                    case WAITS -> await(LOOK_AGAIN);
                    case FINISHED -> await(LOOK_FOR_MORE);
                }
            }
        } catch (SQLException | RuntimeException e) {
            failure.set(e);
        }
    }

    /** Until it is time to look again, or the task is stopped. */
    private void await(Duration time) {
        try {
            if (stop.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("Stopped while others had the rest of the queue");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        Exception failed = failure.get();
        if (failed != null && stop.getCount() > 0) {
            throw new ConnectException("The load failed: " + failed.getMessage(), failed);
        }
        look();
        LoadConfig settings = config;
        if (settings == null || stop.await(settings.getLong(LoadConfig.PROGRESS_INTERVAL), TimeUnit.MILLISECONDS)) {
            return null;
        }
        return List.copyOf(unsent.keySet()).stream()
                .map(unsent::remove)
                .map(progress -> record(settings.getString(LoadConfig.PROGRESS_TOPIC), progress))
                .toList();
    }

    private void look() {
        SharedLimit shared = limit;
        Thread thread = loader;
        if (shared != null && thread != null && thread.isAlive()) {
            shared.look();
        }
    }

    /** A record of the progress topic. */
    static SourceRecord record(String topic, LoadProgress progress) {
        String table = progress.table().quoted(); // without quotes, s."a.b" and "s.a".b would be one
        String key = progress.part() == 0 ? table : table + " part " + progress.part();
        return new SourceRecord(
                Map.of("table", key), Map.of("rows", progress.rows()), topic, 0, null, key, null, progress.toMap());
    }

    @Override
    public void stop() {
        stop.countDown();
        SharedLimit shared = limit;
        if (shared != null) {
            shared.close();
        }
        Thread thread = loader;
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
