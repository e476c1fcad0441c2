package io.changeover.sink.decode.debezium;

import io.changeover.postgres.TableName;
import java.util.Optional;
import org.apache.kafka.connect.data.SchemaAndValue;

/**
 * What a record says, before its values are read.
 *
 * @param key the record's key
 * @param row the new row, of a delete the old one as far as it was sent
 * @param newKey of a delete that is half of a key's change: the key that the row has now
 */
public record SourceRow(
        TableName table, Operation operation, SchemaAndValue key, SchemaAndValue row, Optional<SchemaAndValue> newKey) {

    /** What happened to the row. */
    public enum Operation {
        /** It was there when the source read the table. */
        READ,
        INSERT,
        UPDATE,
        /** It is there, nobody says since when. */
        WRITE,
        DELETE,
        /** Its key is sent without a value: it is gone, which may have been said before. */
        TOMBSTONE,
        TRUNCATE;

        /** Whether the row is new to whoever reads the topic from its beginning. */
        public boolean isNew() {
            return this == READ || this == INSERT;
        }

        /** As SQL calls it. */
        public String word() {
            return switch (this) {
                case READ, INSERT -> "insert";
                case UPDATE, WRITE -> "update";
                case DELETE, TOMBSTONE -> "delete";
                case TRUNCATE -> "truncate";
            };
        }
    }
}
