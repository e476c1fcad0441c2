package io.changeover.capture;

import io.changeover.contract.ChangeEvent;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Carries packs past Debezium's queue: through the queue goes a message with the pack's number, so that Debezium's
 * order, its bound and its error handling are those of the packs. One thread puts, one takes.
 */
final class Packs {

    private final Queue<Pack> packs = new ConcurrentLinkedQueue<>();
    private long next;

    /**
     * Keeps a pack until its message has come through.
     *
     * @return the message's content
     */
    byte[] put(List<ChangeEvent> events, Optional<ChangeEvent.End> lastEnd) {
        long number = next++;
        packs.add(new Pack(number, List.copyOf(events), lastEnd));
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /**
     * The pack of a message.
     *
     * @throws ConnectException if it is not the next one
     */
    Pack take(ByteBuffer content) {
        long number = content.getLong(content.position());
        Pack pack = packs.poll();
        if (pack == null || pack.number() != number) {
            throw new ConnectException("Pack " + number + " of the stream came out of order");
        }
        return pack;
    }
}
