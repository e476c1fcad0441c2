package io.changeover.sink.offsets;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * A request to read a topic again from an earlier record. Only backwards: what lies between the position and a later
 * record would be on the target never.
 *
 * @param stream the topic
 * @param offset the record to read from
 */
public record OffsetRequest(String stream, long offset) {

    private static final String CODE = "CO-2024: ";

    /**
     * Reads what Connect was asked for.
     *
     * @param offsets by partition; null, as a reset has it, means from the beginning
     * @return empty if nothing is asked for
     * @throws ConnectException if it is about anything else than the only partition of the topic
     */
    public static Optional<OffsetRequest> of(String stream, Map<TopicPartition, @Nullable Long> offsets) {
        TopicPartition only = new TopicPartition(stream, 0);
        for (TopicPartition partition : offsets.keySet()) {
            if (!partition.equals(only)) {
                throw new ConnectException(CODE + "this connector has no offset of " + partition + ", only one of "
                        + only + ", the partition of its change topic");
            }
        }
        if (offsets.isEmpty()) {
            return Optional.empty();
        }
        @Nullable Long offset = offsets.get(only);
        if (offset != null && offset < 0) {
            throw new ConnectException(CODE + "an offset is 0 or more, not " + offset);
        }
        return Optional.of(new OffsetRequest(stream, offset == null ? 0 : offset));
    }

    /**
     * Checks it against the position in the target.
     *
     * @param position the first record that is not applied
     * @throws ConnectException if it would leave something out
     */
    public void requireBackwards(long position) {
        if (offset > position) {
            throw new ConnectException(CODE + "offset " + offset + " of topic " + stream
                    + " lies ahead of the position "
                    + position + " in the target (changeover.streams): the changes in between would never be applied."
                    + " An offset can only be set back; what is applied is then read again and skipped");
        }
    }
}
