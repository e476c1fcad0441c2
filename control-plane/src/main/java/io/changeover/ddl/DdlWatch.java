package io.changeover.ddl;

import io.changeover.ledger.QuarantineLedger.Entry;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds whether a table was altered on either side, also where no row changes. Definitions are read
 * only if a fingerprint is another one than before. For one thread; what was found is for several.
 */
public final class DdlWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DdlWatch.class);

    private static final Duration EVERY = Duration.ofSeconds(3);

    /** Looks take at most one part of so many of the time. */
    private static final int SHARE = 20;

    /** A connection that the server ended is noticed, one that is only silent must not keep a look for ever. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DdlLook look;
    private final ServerSettings source;
    private final ServerSettings target;
    private Optional<Sides> open = Optional.empty();
    private Map<String, Map<TableName, Long>> last = Map.of();
    private long nextAt = System.nanoTime();
    private volatile List<DdlChange> found = List.of();

    private record Sides(Connection source, Connection target) {}

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
        try {
            look(sides());
        } catch (SQLException e) {
            close(); // the next look begins with new ones
            throw e;
        }
        long ended = System.nanoTime();
        nextAt = ended + Math.max(EVERY.toNanos(), SHARE * (ended - begun));
    }

    private void look(Sides sides) throws SQLException {
        Map<String, Map<TableName, Long>> now = look.fingerprint(sides.source(), sides.target());
        if (now.equals(last)) {
            return;
        }
        DdlLook.Found all = look.look(sides.source(), sides.target());
        found = now.isEmpty() ? List.of() : all.changes();
        if (!all.settled().isEmpty()) {
            DdlStatements.settle(sides.source(), all.settled());
        }
        last = now;
    }

    private Sides sides() throws SQLException {
        if (open.isPresent()) {
            return open.get();
        }
        Connection from = Connections.open(source, "changeover-observer", PATIENCE);
        try {
            Sides sides = new Sides(from, Connections.open(target, "changeover-observer", PATIENCE));
            open = Optional.of(sides);
            return sides;
        } catch (SQLException e) {
            from.close();
            throw e;
        }
    }

    /** All that the last look found. */
    public List<String> warnings() {
        return found.stream().map(DdlChange::sentence).toList();
    }

    /** What of it is in the way of a cutover. */
    public List<String> blockers() {
        return found.stream().filter(DdlChange::blocks).map(DdlChange::sentence).toList();
    }

    /** The same entries, with the statement of the source where it is known that a definition was refused for. */
    public List<Entry> explained(List<Entry> entries) {
        List<DdlChange> now = found;
        return entries.stream()
                .map(entry -> now.stream()
                        .filter(change -> entry.isOfDefinition())
                        .filter(change -> change.table().equals(entry.failure().table()))
                        .filter(change -> !change.recorded().isEmpty())
                        .findFirst()
                        .map(change -> entry.saying(entry.failure().message() + "." + change.origin()))
                        .orElse(entry))
                .toList();
    }

    /** Closes its connections; another look opens them again. */
    @Override
    public void close() {
        Optional<Sides> used = open;
        open = Optional.empty();
        used.ifPresent(sides -> {
            close(sides.source());
            close(sides.target());
        });
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("A connection did not close", e);
        }
    }
}
