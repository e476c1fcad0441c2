package io.changeover.cutover;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What both servers say of a cutover at one moment.
 *
 * @param open transactions of the source that have written and have not ended
 * @param notToBeEnded sessions of superusers that are writing on the source, which the role may not end
 * @param targetWriters sessions that are not ours and write to the target, or did a moment ago
 * @param replicationRole that a new session on the target has
 * @param verification what is not known to be equal
 * @param unreadable why nothing could be looked at; empty if it could
 */
public record GateFacts(
        List<OpenTransaction> open,
        List<String> notToBeEnded,
        List<String> targetWriters,
        String replicationRole,
        List<String> verification,
        Optional<String> unreadable) {

    /** A transaction that has not ended. */
    public record OpenTransaction(String who, boolean prepared, Duration age) {}

    /** Nothing is in the way. */
    static final GateFacts NOTHING =
            new GateFacts(List.of(), List.of(), List.of(), "origin", List.of(), Optional.empty());

    public GateFacts {
        open = List.copyOf(open);
        notToBeEnded = List.copyOf(notToBeEnded);
        targetWriters = List.copyOf(targetWriters);
        verification = List.copyOf(verification);
    }

    static GateFacts unreadable(String why) {
        return new GateFacts(List.of(), List.of(), List.of(), "", List.of(), Optional.of(why));
    }
}
