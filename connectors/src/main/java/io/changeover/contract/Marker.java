package io.changeover.contract;

import io.changeover.postgres.TableName;
import java.util.Optional;

/**
 * A point in the source's WAL that the control plane wrote and waits for on the target: when the sink has applied it,
 * everything that committed before it is applied. It travels as a logical message, or, before PostgreSQL 14, which does
 * not stream them, as a row of {@link #TABLE}.
 *
 * @param id unique, without spaces
 */
public record Marker(String id) {

    /** The prefix of our logical messages; others do not concern us. */
    public static final String PREFIX = "changeover";

    /**
     * The source's table ({@code id integer primary key, content text not null}) through which markers and heartbeats
     * go before PostgreSQL 14: an insert or update of it is a message with its content.
     */
    public static final TableName TABLE = new TableName("changeover", "marker");

    /** The content of a heartbeat, which only moves the slot. */
    public static final String HEARTBEAT = "heartbeat";

    /** Its column with the message's content. */
    public static final String CONTENT = "content";

    private static final String KIND = "marker ";

    /** The message's content. */
    public String content() {
        return KIND + id;
    }

    /** The marker in a message, if it is one. */
    public static Optional<Marker> of(ChangeEvent.Message message) {
        return message.prefix().equals(PREFIX) && message.content().startsWith(KIND)
                ? Optional.of(new Marker(message.content().substring(KIND.length())))
                : Optional.empty();
    }
}
