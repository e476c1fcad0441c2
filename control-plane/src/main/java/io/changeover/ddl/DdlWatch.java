package io.changeover.ddl;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Looks every few seconds whether a table was altered on either side, also where no row changes. Definitions are read
 * only if a fingerprint is another one than before. For one thread; what was found is for several.
 */
public final class DdlWatch {

    private static final Duration EVERY = Duration.ofSeconds(3);

    /** Looks take at most one part of so many of the time. */
    private static final int SHARE = 20;

    private final DdlLook look;
    private final ServerSettings source;
    private final ServerSettings target;
    private Map<String, Map<TableName, Long>> last = Map.of();
    private long nextAt = System.nanoTime();
    private volatile List<DdlChange> found = List.of();

    public DdlWatch(DdlLook look, ServerSettings source, ServerSettings target) {
        this.look = look;
        this.source = source;
        this.target = target;
    }

    /** Looks, if it is time. */
    public void look() throws SQLException {
        long begun = System.nanoTime();
        if (begun - nextAt < 0) {
            return;
        }
        nextAt = begun + EVERY.toNanos();
        try (Connection from = Connections.open(source, "changeover-observer");
                Connection to = Connections.open(target, "changeover-observer")) {
            Map<String, Map<TableName, Long>> now = look.fingerprint(from, to);
            if (!now.equals(last)) {
                found = now.isEmpty() ? List.of() : look.changes(from, to);
                last = now;
            }
        }
        long ended = System.nanoTime();
        nextAt = ended + Math.max(EVERY.toNanos(), SHARE * (ended - begun));
    }

    /** All that the last look found. */
    public List<String> warnings() {
        return found.stream().map(DdlChange::sentence).toList();
    }

    /** What of it is in the way of a cutover. */
    public List<String> blockers() {
        return found.stream().filter(DdlChange::blocks).map(DdlChange::sentence).toList();
    }
}
