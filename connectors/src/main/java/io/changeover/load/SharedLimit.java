package io.changeover.load;

import io.changeover.ledger.LimitLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task's share of the bytes that all loaders may read in a second: looked at by one thread, asked by another one. */
final class SharedLimit implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedLimit.class);
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ServerSettings target;
    private Optional<Connection> session = Optional.empty();
    private long lookedAt = System.nanoTime() - EVERY_NANOS;
    private volatile long bytesPerSecond;

    SharedLimit(ServerSettings target) {
        this.target = target;
    }

    /** Bytes per second; 0 is no limit. */
    long bytesPerSecond() {
        return bytesPerSecond;
    }

    /** Looks again, at most once in a second; while the target is away, the last look counts. */
    void look() {
        if (System.nanoTime() - lookedAt < EVERY_NANOS) {
            return;
        }
        lookedAt = System.nanoTime();
        try {
            Connection open = session.isPresent() ? session.get() : Connections.open(target, "changeover-limit");
            session = Optional.of(open);
            OptionalLong all = LimitLedger.read(open).bytesPerSecond();
            bytesPerSecond = all.isEmpty() ? 0 : Math.max(1, all.getAsLong() / Math.max(1, LimitLedger.readers(open)));
        } catch (SQLException e) {
            LOG.warn("Cannot look for the load's limits, the last ones count: {}", e.getMessage());
            close();
        }
    }

    @Override
    public void close() {
        try {
            if (session.isPresent()) {
                session.get().close();
            }
        } catch (SQLException e) {
            LOG.debug("The session for the load's limits was broken", e);
        }
        session = Optional.empty();
    }
}
