package io.changeover.capture;

import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import io.debezium.connector.postgresql.connection.WalPositionLocator;
import io.debezium.connector.postgresql.spi.SlotCreationResult;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** A replication connection whose messages are {@link RawTextMessage}s. */
@SuppressWarnings("try") // Debezium declares what close() throws
final class RawTextConnection implements ReplicationConnection {

    private final ReplicationConnection connection;

    RawTextConnection(ReplicationConnection connection) {
        this.connection = connection;
    }

    @Override
    public ReplicationStream startStreaming(WalPositionLocator walPosition) throws SQLException, InterruptedException {
        return new RawTextStream(connection.startStreaming(walPosition));
    }

    @Override
    public ReplicationStream startStreaming(Lsn offset, WalPositionLocator walPosition)
            throws SQLException, InterruptedException {
        return new RawTextStream(connection.startStreaming(offset, walPosition));
    }

    @Override
    public Optional<SlotCreationResult> createReplicationSlot() throws SQLException {
        throw new IllegalStateException("The slot is made before Debezium starts, see StartingPoint");
    }

    @Override
    public void initConnection() throws SQLException, InterruptedException {
        connection.initConnection();
    }

    @Override
    public boolean isConnected() throws SQLException {
        return connection.isConnected();
    }

    @Override
    public void reconnect() throws SQLException {
        connection.reconnect();
    }

    @Override
    public void close() throws Exception {
        connection.close();
    }

    private record RawTextStream(ReplicationStream stream) implements ReplicationStream {

        @Override
        public void read(ReplicationMessageProcessor processor) throws SQLException, InterruptedException {
            stream.read(message -> processor.process(RawTextMessage.of(message)));
        }

        @Override
        public boolean readPending(ReplicationMessageProcessor processor) throws SQLException, InterruptedException {
            return stream.readPending(message -> processor.process(RawTextMessage.of(message)));
        }

        @Override
        public void flushLsn(Lsn lsn) throws SQLException {
            stream.flushLsn(lsn);
        }

        @Override
        public Lsn lastReceivedLsn() {
            return stream.lastReceivedLsn();
        }

        @Override
        public Lsn startLsn() {
            return stream.startLsn();
        }

        @Override
        public void startKeepAlive(ExecutorService service) {
            stream.startKeepAlive(service);
        }

        @Override
        public void stopKeepAlive() {
            stream.stopKeepAlive();
        }

        @Override
        public void close() throws Exception {
            stream.close();
        }
    }
}
