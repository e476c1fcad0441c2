package io.changeover.sink.decode.debezium;

import io.changeover.postgres.TableName;
import java.util.Optional;

/**
 * Which table a record belongs to. Without a format the record's own source says it, and where there is none the last
 * two parts of the topic's name.
 *
 * @param format with {@code ${topic}}, {@code ${source.schema}} and {@code ${source.table}}; empty for none
 */
public record TableNaming(String format) {

    private static final String DEFAULT_SCHEMA = "public";

    /** The table of a record that does not say one. */
    public TableName of(String topic) {
        return of(topic, Optional.empty());
    }

    /**
     * The table of a record.
     *
     * @param source what the record itself says
     */
    TableName of(String topic, Optional<TableName> source) {
        if (format.isEmpty()) {
            return source.orElseGet(() -> lastParts(topic));
        }
        return lastParts(filled(topic, source.orElseGet(() -> lastParts(topic))));
    }

    private String filled(String topic, TableName source) {
        return format.replace("${topic}", topic)
                .replace("${source.schema}", source.schema())
                .replace("${source.table}", source.name());
    }

    private static TableName lastParts(String name) {
        int table = name.lastIndexOf('.');
        if (table < 0) {
            return new TableName(DEFAULT_SCHEMA, name);
        }
        int schema = name.lastIndexOf('.', table - 1);
        return new TableName(name.substring(schema + 1, table), name.substring(table + 1));
    }
}
