package io.changeover.load;

import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Reads a table in one snapshot of the source, as messages of a load topic. */
final class TopicCopy {

    /** Takes what was read; may wait. */
    interface Outlet {
        /**
         * Hands it on.
         *
         * @param progress what is read so far, with this message
         */
        void put(LoadLedger.Entry entry, TopicMessage message, CopyPipe.Amount progress) throws InterruptedException;
    }

    /** Of the values of records: a row may need many. */
    static final int PIECE_BYTES = 1 << 18;

    private final ServerSettings source;
    private final Throttle throttle;
    private final Outlet outlet;
    private final BooleanSupplier stopped;
    private final byte[] piece = new byte[PIECE_BYTES];
    private int length;
    private long pieces;
    private long rows;
    private long bytes;

    /**
     * A reader.
     *
     * @param stopped asked now and then; if true a copy is given up
     */
    TopicCopy(ServerSettings source, Throttle throttle, Outlet outlet, BooleanSupplier stopped) {
        this.source = source;
        this.throttle = throttle;
        this.outlet = outlet;
        this.stopped = stopped;
    }

    /**
     * Reads a table from its beginning to its end.
     *
     * @throws SQLException if the source fails, somebody has the table for himself, or it was stopped
     */
    void run(LoadLedger.Entry entry) throws SQLException, InterruptedException {
        TableName table = entry.table();
        String run = UUID.randomUUID().toString();
        pieces = 0;
        rows = 0;
        bytes = 0;
        length = 0;
        try (Connection from = Connections.open(source, "changeover-load")) {
            SourceSnapshot snapshot = SourceSnapshot.take(from, table);
            TableColumns columns = TableColumns.of(from, table); // behind the lock: they stay as they are
            put(
                    entry,
                    new TopicMessage.Begin(
                            run,
                            entry,
                            columns.names(),
                            snapshot.text(),
                            snapshot.readAt(),
                            CopiedDefinition.of(from, table)));
            CopyOut out = from.unwrap(PGConnection.class).getCopyAPI().copyOut(columns.copyOut(table));
            try {
                for (byte @Nullable [] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
                    rows++;
                    bytes += row.length;
                    add(run, entry, row);
                }
            } finally {
                if (out.isActive()) {
                    out.cancelCopy();
                }
            }
            send(run, entry);
            put(entry, new TopicMessage.End(run, table, pieces, rows, bytes));
        }
    }

    private void add(String run, LoadLedger.Entry entry, byte[] row) throws SQLException, InterruptedException {
        int done = 0;
        while (done < row.length) {
            int part = Math.min(row.length - done, piece.length - length);
            System.arraycopy(row, done, piece, length, part);
            length += part;
            done += part;
            if (length == piece.length) {
                send(run, entry);
            }
        }
    }

    private void send(String run, LoadLedger.Entry entry) throws SQLException, InterruptedException {
        if (length > 0) {
            throttle.await(length, stopped);
            pieces++;
            put(
                    entry,
                    new TopicMessage.Rows(run, entry.table(), pieces, ByteBuffer.wrap(Arrays.copyOf(piece, length))));
            length = 0;
        }
    }

    private void put(LoadLedger.Entry entry, TopicMessage message) throws InterruptedException {
        outlet.put(entry, message, new CopyPipe.Amount(rows, bytes));
    }
}
