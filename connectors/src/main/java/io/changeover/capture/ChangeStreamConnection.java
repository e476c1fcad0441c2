package io.changeover.capture;

import io.changeover.capture.wal.WalDecoder;
import io.changeover.postgres.Connections;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import io.debezium.connector.postgresql.connection.WalPositionLocator;
import io.debezium.connector.postgresql.spi.SlotCreationResult;
import io.debezium.util.Clock;
import io.debezium.util.Metronome;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.util.PSQLState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our end of the replication protocol, in the place of Debezium's: it hands out a {@link ChangeStream}. The server
 * sends every transaction that commits at or after the position it is asked for and none that committed before, so
 * nothing has to be searched for.
 */
final class ChangeStreamConnection implements ReplicationConnection {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeStreamConnection.class);

    private final CaptureSettings settings;
    private final PostgresConnectorConfig config;
    private final Function<LogSequenceNumber, WalDecoder> decoders;
    private final Packs packs;
    private @Nullable Connection connection;

    /**
     * A connection that is not open yet.
     *
     * @param decoders makes one for every stream from where that starts: it keeps what the stream has said
     */
    ChangeStreamConnection(
            CaptureSettings settings,
            PostgresConnectorConfig config,
            Function<LogSequenceNumber, WalDecoder> decoders,
            Packs packs) {
        this.settings = settings;
        this.config = config;
        this.decoders = decoders;
        this.packs = packs;
    }

    @Override
    public ReplicationStream startStreaming(WalPositionLocator walPosition) {
        throw new IllegalStateException("The position is known before Debezium starts, see StartingPoint");
    }

    @Override
    public ReplicationStream startStreaming(Lsn offset, WalPositionLocator walPosition)
            throws SQLException, InterruptedException {
        Metronome pause = Metronome.sleeper(config.retryDelay(), Clock.SYSTEM);
        for (int attempt = 0; ; attempt++) {
            try {
                WalDecoder decoder = decoders.apply(LogSequenceNumber.valueOf(offset.asLong()));
                initConnection();
                Duration signOfLife = SignOfLife.interval(connection());
                PGReplicationStream stream = start(offset, decoder, signOfLife);
                return new ChangeStream(stream, decoder, packs, settings.limits(), offset, signOfLife);
            } catch (SQLException e) {
                close();
                // the server has not let go of the slot since the last connection
                if (!PSQLState.OBJECT_IN_USE.getState().equals(e.getSQLState()) || attempt >= config.maxRetries()) {
                    throw ConnectionLoss.marked(e);
                }
                LOG.debug("The slot is in use, trying again", e);
                pause.pause();
            }
        }
    }

    private PGReplicationStream start(Lsn offset, WalDecoder decoder, Duration signOfLife) throws SQLException {
        return connection()
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(settings.slot())
                .withStartPosition(LogSequenceNumber.valueOf(offset.asLong()))
                .withSlotOptions(decoder.options())
                .withStatusInterval(Math.toIntExact(signOfLife.toMillis()), TimeUnit.MILLISECONDS)
                // confirmed is what Kafka has, and nothing else
                .withAutomaticFlush(false)
                .start();
    }

    @Override
    public Optional<SlotCreationResult> createReplicationSlot() {
        return Optional.empty(); // made before Debezium starts, see StartingPoint
    }

    @Override
    public void initConnection() throws SQLException {
        if (!isConnected()) {
            connection = Connections.openReplication(settings.source(), "changeover-capture");
        }
    }

    private Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            throw new SQLException(
                    "The replication connection is closed", PSQLState.CONNECTION_DOES_NOT_EXIST.getState());
        }
        return open;
    }

    @Override
    public boolean isConnected() throws SQLException {
        Connection open = connection;
        return open != null && !open.isClosed();
    }

    @Override
    public void reconnect() throws SQLException {
        close();
        initConnection();
    }

    @Override
    public void close() throws SQLException {
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }
}
