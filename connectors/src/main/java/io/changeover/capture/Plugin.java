package io.changeover.capture;

import io.changeover.capture.wal.PgOutputDecoder;
import io.changeover.capture.wal.TestDecodingDecoder;
import io.changeover.capture.wal.WalDecoder;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.replication.LogSequenceNumber;

/** The logical decoding plugin that a server's version has. */
enum Plugin {
    PGOUTPUT("pgoutput"),
    /** Before PostgreSQL 10. */
    TEST_DECODING("test_decoding");

    private static final int PUBLICATIONS = 10;

    private final String server;

    Plugin(String server) {
        this.server = server;
    }

    static Plugin of(Connection source) throws SQLException {
        return source.getMetaData().getDatabaseMajorVersion() >= PUBLICATIONS ? PGOUTPUT : TEST_DECODING;
    }

    /** The server's name for it. */
    String server() {
        return server;
    }

    /**
     * A decoder for a new stream.
     *
     * @param major the server's version
     * @param start where the stream starts: after the last transaction that was sent
     */
    WalDecoder decoder(CaptureSettings settings, int major, LogSequenceNumber start) {
        return switch (this) {
            case PGOUTPUT ->
                new PgOutputDecoder(settings.publication(), major, start, new SourceCatalog(settings.source()));
            case TEST_DECODING ->
                new TestDecodingDecoder(new SourceTables(settings.source(), settings.publication()), start);
        };
    }
}
