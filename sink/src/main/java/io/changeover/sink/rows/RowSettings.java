package io.changeover.sink.rows;

import io.changeover.sink.decode.debezium.SourceSettings;
import io.changeover.sink.decode.debezium.TableNaming;
import java.util.List;

/**
 * How rows are written.
 *
 * @param write what a row does
 * @param keys where a row's key is
 * @param keyFields the key's columns; none: all that are there
 * @param deletes whether deletes are applied
 * @param truncates whether truncates are applied
 * @param skipsMissingRows whether an update of some columns of a row that is not there is passed over
 * @param naming which table a record belongs to
 * @param source what the source was told
 */
public record RowSettings(
        InsertMode write,
        KeyMode keys,
        List<String> keyFields,
        boolean deletes,
        boolean truncates,
        boolean skipsMissingRows,
        TableNaming naming,
        SourceSettings source) {
    public RowSettings {
        keyFields = List.copyOf(keyFields);
    }

    /** What a row that is not a delete does to the table. */
    public enum InsertMode {
        /** It is new. */
        INSERT,
        /** It is new, or replaces the one with its key. */
        UPSERT,
        /** It replaces the one with its key, if there is one. */
        UPDATE
    }

    /** Where a row's key is. */
    public enum KeyMode {
        NONE,
        RECORD_KEY,
        RECORD_VALUE
    }
}
