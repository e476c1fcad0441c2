package io.changeover.load;

import io.changeover.contract.LoadProgress;
import io.changeover.contract.Version;
import io.changeover.ledger.LoadLedger;
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

/**
 * Loads tables until the queue is empty, on a thread of its own, so that Connect can stop it; {@link #poll()} hands the
 * progress to Connect. A table that fails stops the task with the reason; what is done stays done.
 */
public final class LoadTask extends SourceTask implements TableLoad.Listener {

    private static final Duration STOP = Duration.ofSeconds(4);

    private final Map<TableName, LoadProgress> unsent = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private @Nullable LoadConfig config;
    private @Nullable Thread loader;

    @Override
    public void start(Map<String, String> properties) {
        LoadConfig given = new LoadConfig(properties);
        config = given;
        TableLoad load = new TableLoad(given.source(), given.target(), this, () -> stop.getCount() == 0);
        Thread thread = new Thread(() -> loadAll(load), "changeover-load-" + properties.get("name"));
        loader = thread;
        thread.start();
    }

    private void loadAll(TableLoad load) {
        try {
            boolean more = true;
            while (more && stop.getCount() > 0) {
                more = load.next();
            }
        } catch (SQLException | RuntimeException e) {
            failure.set(e);
        }
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        Exception failed = failure.get();
        if (failed != null && stop.getCount() > 0) {
            throw new ConnectException("The load failed: " + failed.getMessage(), failed);
        }
        LoadConfig settings = config;
        if (settings == null || stop.await(settings.getLong(LoadConfig.PROGRESS_INTERVAL), TimeUnit.MILLISECONDS)) {
            return null;
        }
        List<TableName> tables = List.copyOf(unsent.keySet());
        return tables.stream()
                .map(unsent::remove)
                .map(progress -> record(settings.getString(LoadConfig.PROGRESS_TOPIC), progress))
                .toList();
    }

    private static SourceRecord record(String topic, LoadProgress progress) {
        String table = progress.table().quoted(); // without quotes, s."a.b" and "s.a".b would be one
        return new SourceRecord(
                Map.of("table", table), Map.of("rows", progress.rows()), topic, 0, null, table, null, progress.toMap());
    }

    @Override
    public void loading(LoadLedger.Entry entry, CopyPipe.Amount amount) {
        report(entry, amount, false);
    }

    @Override
    public void done(LoadLedger.Entry entry, CopyPipe.Amount amount) {
        report(entry, amount, true);
    }

    private void report(LoadLedger.Entry entry, CopyPipe.Amount amount, boolean done) {
        unsent.put(
                entry.table(),
                new LoadProgress(entry.table(), done, entry.estimatedRows(), amount.rows(), amount.bytes()));
    }

    @Override
    public void stop() {
        stop.countDown();
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
