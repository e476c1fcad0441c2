package io.changeover.capture;

import io.changeover.capture.wal.PgOutputDecoder;
import io.changeover.contract.TableDefinition;
import io.changeover.definition.SentDefinition;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the source's catalog about tables of the stream, on a connection that stays. For one thread but for closing. */
final class SourceCatalog implements PgOutputDecoder.Definitions {

    private static final Logger LOG = LoggerFactory.getLogger(SourceCatalog.class);

    private final ServerSettings source;
    private @Nullable Connection connection;

    SourceCatalog(ServerSettings source) {
        this.source = source;
    }

    @Override
    public synchronized Optional<TableDefinition> complete(SentDefinition sent) throws SQLException {
        try {
            return Optional.of(sent.complete(open()));
        } catch (SQLException e) {
            LOG.debug("Asking the source's catalog again", e); // an idle connection is lost unnoticed
            close();
            return Optional.of(sent.complete(open()));
        }
    }

    private Connection open() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = Connections.open(source, "changeover-capture");
            connection = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("A connection to the source did not close", e);
            }
        }
    }
}
