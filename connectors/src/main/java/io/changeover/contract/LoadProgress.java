package io.changeover.contract;

import io.changeover.postgres.TableName;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A record of the progress topic: how far the load of a table is, or of one of its parts.
 *
 * @param beginning how often the table was divided into parts; what is told of an earlier time is void
 * @param part its number from 1, or 0 for a whole table
 * @param done whether its rows are final on the target
 * @param estimatedRows of the table, the source's own estimate before the load
 * @param rows copied so far
 * @param bytes copied so far, as COPY carries them
 */
public record LoadProgress(
        TableName table, int beginning, int part, boolean done, long estimatedRows, long rows, long bytes) {

    /** As the topic has it. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("schema", table.schema());
        map.put("table", table.name());
        map.put("beginning", beginning);
        map.put("part", part);
        map.put("state", done ? "done" : "loading");
        map.put("estimatedRows", estimatedRows);
        map.put("rows", rows);
        map.put("bytes", bytes);
        return map;
    }

    /**
     * From what the topic has.
     *
     * @throws IllegalArgumentException if it is no progress record
     */
    public static LoadProgress of(Map<String, Object> map) {
        if (map.get("schema") instanceof String schema
                && map.get("table") instanceof String name
                && map.get("beginning") instanceof Number beginning
                && map.get("part") instanceof Number part
                && map.get("state") instanceof String state
                && map.get("estimatedRows") instanceof Number estimated
                && map.get("rows") instanceof Number rows
                && map.get("bytes") instanceof Number bytes) {
            return new LoadProgress(
                    new TableName(schema, name),
                    beginning.intValue(),
                    part.intValue(),
                    state.equals("done"),
                    estimated.longValue(),
                    rows.longValue(),
                    bytes.longValue());
        }
        throw new IllegalArgumentException("Not a progress record: it has " + map.keySet());
    }
}
