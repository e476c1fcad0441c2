package io.changeover.runner;

import io.changeover.former.FormerLook;
import io.changeover.former.FormerSource;
import io.changeover.migration.AuditEntry;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Evidence;
import io.changeover.migration.Fallback;
import io.changeover.migration.Migration;
import io.changeover.migration.NotLeading;
import io.changeover.migration.SourceCounts;
import io.changeover.migration.Step;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.Secrets;
import io.changeover.spec.UnresolvedSecret;
import io.changeover.store.MigrationStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the sources of pairs that are completed and not finished, on a thread of its own. Thread-safe. */
final class FormerSources implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FormerSources.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    private record Key(String migration, DatabasePair pair) {}

    private final MigrationStore store;
    private final Secrets secrets;
    private final Path workDirectory;
    private final Clock clock;
    private final Map<Key, FormerSource> last = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread looking = new Thread(task, "changeover-former-sources");
        looking.setDaemon(true);
        return looking;
    });

    FormerSources(MigrationStore store, Secrets secrets, Path workDirectory, Clock clock) {
        this.store = store;
        this.secrets = secrets;
        this.workDirectory = workDirectory;
        this.clock = clock;
    }

    /** Looks from now on. */
    void start() {
        var unused = thread.scheduleWithFixedDelay(
                this::lookAtAll, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookAtAll() {
        try {
            for (Migration migration : store.all()) {
                migration.databases().forEach(status -> now(migration, status));
            }
        } catch (RuntimeException e) {
            LOG.warn("The sources that were left cannot be looked at; it is tried again", e);
        }
    }

    /** A new look; empty if the pair's source was not left, or is free to be used again. */
    Optional<FormerSource> now(Migration migration, DatabaseStatus status) {
        Key key = new Key(migration.name(), status.pair());
        if (!isLeft(status)) {
            last.remove(key);
            return Optional.empty();
        }
        try {
            Pair pair = Pair.of(migration.spec(), status.pair(), secrets, workDirectory);
            FormerLook look = new FormerLook(pair.source(), clock);
            FormerSource seen = look.look(() -> left(migration, status));
            last.put(key, seen);
            if (left(migration, status).isEmpty()) {
                remember(store, migration.name(), status.pair(), look.counts());
            }
            return Optional.of(seen);
        } catch (UnresolvedSecret | SQLException | NotLeading e) {
            LOG.debug("The source of {} cannot be looked at", status.pair(), e);
            return last(migration.name(), status);
        }
    }

    /** Applications are back on it after a rollback. */
    private static boolean isLeft(DatabaseStatus status) {
        return status.done().contains(Step.CUTOVER)
                && status.fallback().flatMap(Fallback::rollback).isEmpty()
                && !status.finished().orElse(false)
                && status.wish().isEmpty();
    }

    private Optional<SourceCounts> left(Migration migration, DatabaseStatus status) {
        return store.get(migration.name())
                .flatMap(found -> found.database(status.pair().source()))
                .map(DatabaseStatus::evidence)
                .flatMap(Evidence::left);
    }

    /** Keeps what the statistics said, unless that is known already. */
    static void remember(MigrationStore store, String migration, DatabasePair pair, SourceCounts counts) {
        store.update(
                migration,
                AuditEntry.Cause.ITSELF,
                before -> before.with(
                        pair,
                        status -> status.evidence().left().isPresent()
                                ? status
                                : status.withEvidence(evidence -> evidence.with(counts))));
    }

    /** The last look; empty if there was none. */
    Optional<FormerSource> last(String migration, DatabaseStatus status) {
        return isLeft(status) ? Optional.ofNullable(last.get(new Key(migration, status.pair()))) : Optional.empty();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
