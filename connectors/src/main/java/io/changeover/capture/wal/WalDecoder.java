package io.changeover.capture.wal;

import io.changeover.contract.ChangeEvent;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.replication.LogSequenceNumber;

/** Decodes the messages of one logical decoding plugin, in their order. Keeps state; for one stream, one thread. */
public interface WalDecoder {

    /** Takes events in order. */
    @FunctionalInterface
    interface Sink {

        /**
         * Takes an event.
         *
         * @param event never kept back: what was accepted will be sent
         * @param chars the length of its values, in characters
         */
        void accept(ChangeEvent event, int chars) throws InterruptedException;
    }

    /** What START_REPLICATION is given. */
    Properties options();

    /**
     * Decodes a message, which may say nothing, one event or several.
     *
     * @param message what the plugin sent
     * @param lsn where the server says the message is; for a commit the end of its record
     * @throws UndecodableException if the message is not what the plugin's protocol says
     */
    void decode(ByteBuffer message, LogSequenceNumber lsn, Sink sink) throws SQLException, InterruptedException;

    /** Lets go of what it asks. */
    default void close() {}
}
