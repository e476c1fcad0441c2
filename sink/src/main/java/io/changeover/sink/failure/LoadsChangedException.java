package io.changeover.sink.failure;

import org.apache.kafka.connect.errors.RetriableException;

/** What the stream has to pass over has changed: it is read again from the position. Nothing is wrong. */
public final class LoadsChangedException extends RetriableException {

    private LoadsChangedException(String message) {
        super(message);
    }

    /** A table was put back into the queue of loads. */
    public static LoadsChangedException begun(String stream) {
        return new LoadsChangedException("Stream " + stream + ": a table is being loaded again, and is passed over");
    }

    /** The stream goes back for what it has passed over. */
    public static LoadsChangedException loaded(String stream) {
        return new LoadsChangedException(
                "Stream " + stream + ": a table was loaded again, and gets what was passed over");
    }
}
