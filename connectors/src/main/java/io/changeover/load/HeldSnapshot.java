package io.changeover.load;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;

/** A snapshot of the source that sessions of other tasks can share until it is closed. Not thread-safe. */
final class HeldSnapshot implements AutoCloseable {

    private final Connection from;
    private final SourceSnapshot snapshot;
    private final long filenode;
    private final String exported;

    private HeldSnapshot(Connection from, SourceSnapshot snapshot, long filenode, String exported) {
        this.from = from;
        this.snapshot = snapshot;
        this.filenode = filenode;
        this.exported = exported;
    }

    /**
     * Takes one that sees the rows of a table. The table is not locked, or whoever wants it for himself would wait for
     * all of its parts, and they behind him for ever: he may have it, and the parts notice.
     */
    static HeldSnapshot take(ServerSettings source, TableName table) throws SQLException {
        Connection from = Connections.open(source, "changeover-load");
        try {
            long before = SourceSnapshot.filenode(from, table);
            SourceSnapshot snapshot = SourceSnapshot.take(from);
            long filenode = SourceSnapshot.filenode(from, table);
            if (filenode != before) {
                throw new SQLException("A statement has rewritten or emptied the table", SourceSnapshot.BUSY);
            }
            String exported = SourceSnapshot.ask(from, "select pg_export_snapshot()");
            return new HeldSnapshot(from, snapshot, filenode, exported);
        } catch (SQLException e) {
            from.close();
            throw e;
        }
    }

    /** A session that sees it. */
    Connection connection() {
        return from;
    }

    SourceSnapshot snapshot() {
        return snapshot;
    }

    /** That of the table. */
    long filenode() {
        return filenode;
    }

    /** The name to share it by. */
    String exported() {
        return exported;
    }

    @Override
    public void close() throws SQLException {
        from.close();
    }
}
