package io.changeover.load;

import io.changeover.ledger.ReloadLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Has the new copy of a table wait for transactions that are older than its being passed over: what the stream had
 * passed before may be durable and not visible yet, as while a commit waits for a standby, and what changed a table
 * before it was published is in no stream. Not thread-safe.
 */
final class OlderTransactions {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    /** A table, and since when it is passed over. */
    private record Reload(TableName table, LogSequenceNumber heldFrom) {}

    private final ServerSettings source;
    private final BooleanSupplier stopped;

    /** The first transaction id that was not given out when the reload was first seen. */
    private final Map<Reload, BigInteger> next = new HashMap<>();

    OlderTransactions(ServerSettings source, BooleanSupplier stopped) {
        this.source = source;
        this.stopped = stopped;
    }

    /**
     * Waits a little for a table that is loaded again; others have nothing to wait for.
     *
     * @throws SQLException with {@link SourceSnapshot#BUSY} if one of them still runs
     */
    void await(Connection target, TableName table) throws SQLException {
        Optional<LogSequenceNumber> heldFrom = ReloadLedger.heldFrom(target, table);
        if (heldFrom.isEmpty()) {
            return;
        }
        Reload reload = new Reload(table, heldFrom.get());
        try (Connection from = Connections.open(source, "changeover-load")) {
            if (!next.containsKey(reload)) {
                next.put(reload, limit(from, "xmax"));
            }
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (limit(from, "xmin").compareTo(next.get(reload)) < 0) {
                if (stopped.getAsBoolean() || System.nanoTime() - deadline > 0) {
                    throw new SQLException(
                            "the copy waits for transactions of the source that had begun before it was asked for: the"
                                    + " oldest ones of pg_stat_activity by xact_start, or in pg_prepared_xacts",
                            SourceSnapshot.BUSY);
                }
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
        }
    }

    private static BigInteger limit(Connection from, String which) throws SQLException {
        String function = from.getMetaData().getDatabaseMajorVersion() >= 13
                ? "pg_snapshot_" + which + "(pg_current_snapshot())"
                : "txid_snapshot_" + which + "(txid_current_snapshot())";
        return new BigInteger(SourceSnapshot.ask(from, "select " + function + "::text"));
    }
}
