package io.changeover.sink.rows;

import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import io.changeover.sink.target.KeyHash;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a record does to a table of the target.
 *
 * @param key which row, of a move the row before it
 * @param row what it is now, as far as it was sent; of a move its key after it
 * @param isPartial whether columns were left out because they were not changed
 * @param isNew whether the source says that the row is new
 */
record RowChange(Kind kind, TableName table, Tuple key, Tuple row, boolean isPartial, boolean isNew, Place place) {

    /** What happens to the row. */
    enum Kind {
        WRITE,
        DELETE,
        /** Its key changes, and nothing else is known. */
        MOVE,
        /** All rows go. */
        TRUNCATE
    }

    /** The record it came in, told apart by where that is in Kafka. */
    record Place(TopicPartition topicPartition, long offset, SinkRecord sinkRecord) {

        static Place of(SinkRecord record) {
            return new Place(
                    new TopicPartition(record.originalTopic(), record.originalKafkaPartition()),
                    record.originalKafkaOffset(),
                    record);
        }

        /** When it was produced, in milliseconds since 1970; 0 if that is not known. */
        long producedMillis() {
            return sinkRecord.timestamp() == null ? 0 : sinkRecord.timestamp();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Place place
                    && offset == place.offset
                    && topicPartition.equals(place.topicPartition);
        }

        @Override
        public int hashCode() {
            return Objects.hash(topicPartition, offset);
        }

        /** For messages. */
        @Override
        public String toString() {
            return topicPartition + "@" + offset;
        }
    }

    /** As the quarantine calls it. */
    String operation() {
        return switch (kind) {
            case WRITE -> isNew ? "insert" : "update";
            case MOVE -> "update";
            case DELETE -> "delete";
            case TRUNCATE -> "truncate";
        };
    }

    /** Names the row without its values; empty where there is none. */
    String keyHash() {
        return KeyHash.of(key.size() == 0 ? row : key);
    }

    /** The same for whom no row may be new. */
    RowChange asPartial() {
        return new RowChange(kind, table, key, row, true, false, place);
    }

    static RowChange truncate(TableName table, Place place) {
        return new RowChange(Kind.TRUNCATE, table, Tuple.EMPTY, Tuple.EMPTY, false, false, place);
    }
}
