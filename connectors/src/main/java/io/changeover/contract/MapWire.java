package io.changeover.contract;

import io.changeover.postgres.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The change topic's records as maps of strings, numbers and lists, for any Connect converter that carries data without
 * a schema (Kafka's JSON converter with {@code schemas.enable=false}). The names are Debezium's: {@code op},
 * {@code before}, {@code after}, {@code source}, {@code status}; LSNs are numbers.
 */
public final class MapWire {

    private MapWire() {}

    /**
     * Encodes an event.
     *
     * @param lsn where in the WAL the change is; for people who search
     */
    public static Map<String, Object> encode(ChangeEvent event, long lsn) {
        if (event instanceof ChangeEvent.Started started) {
            return map("status", "STARTED", "lsn", started.consistentPoint().asLong());
        } else if (event instanceof ChangeEvent.Begin begin) {
            return map("status", "BEGIN", "txId", begin.xid());
        } else if (event instanceof ChangeEvent.End end) {
            return map(
                    "status", "END",
                    "txId", end.xid(),
                    "lsn", end.commitLsn().asLong(),
                    "ts_us", end.committedAt(),
                    "tables", end.counts().stream().map(MapWire::encodeCounts).toList());
        } else if (event instanceof ChangeEvent.Insert insert) {
            return map("op", "c", "after", insert.after().toMap(), "source", source(insert.table(), lsn));
        } else if (event instanceof ChangeEvent.Update update) {
            return map(
                    "op", "u",
                    "before", update.before().toMap(),
                    "after", update.after().toMap(),
                    "source", source(update.table(), lsn));
        } else if (event instanceof ChangeEvent.Delete delete) {
            return map("op", "d", "before", delete.before().toMap(), "source", source(delete.table(), lsn));
        } else if (event instanceof ChangeEvent.Truncate truncate) {
            return map("op", "t", "source", source(truncate.table(), lsn));
        } else if (event instanceof ChangeEvent.Message message) {
            return map("op", "m", "message", map("prefix", message.prefix(), "content", message.content()));
        }
        throw new IllegalStateException("No encoding for " + event.getClass().getName());
    }

    /**
     * Decodes a record's value.
     *
     * @throws IllegalArgumentException if it is not a record of the contract; the message names what is missing
     */
    public static ChangeEvent decode(Map<?, ?> value) {
        if (value.get("status") instanceof String status) {
            return decodeBoundary(status, value);
        }
        String op = string(value, "op");
        return switch (op) {
            case "c" -> new ChangeEvent.Insert(table(value), tuple(value, "after"));
            case "u" -> new ChangeEvent.Update(table(value), tuple(value, "before"), tuple(value, "after"));
            case "d" -> new ChangeEvent.Delete(table(value), tuple(value, "before"));
            case "t" -> new ChangeEvent.Truncate(table(value));
            case "m" -> {
                Map<?, ?> message = object(value, "message");
                yield new ChangeEvent.Message(string(message, "prefix"), string(message, "content"));
            }
            default -> throw new IllegalArgumentException("Unknown operation '" + op + "' in a change record");
        };
    }

    private static ChangeEvent decodeBoundary(String status, Map<?, ?> value) {
        return switch (status) {
            case "STARTED" -> new ChangeEvent.Started(LogSequenceNumber.valueOf(number(value, "lsn")));
            case "BEGIN" -> new ChangeEvent.Begin(number(value, "txId"));
            case "END" ->
                new ChangeEvent.End(
                        number(value, "txId"),
                        LogSequenceNumber.valueOf(number(value, "lsn")),
                        number(value, "ts_us"),
                        list(value, "tables").stream()
                                .map(MapWire::decodeCounts)
                                .toList());
            default -> throw new IllegalArgumentException("Unknown status '" + status + "' in a change record");
        };
    }

    private static Map<String, Object> encodeCounts(TableCounts counts) {
        return map(
                "schema", counts.table().schema(),
                "table", counts.table().name(),
                "inserts", counts.inserts(),
                "updates", counts.updates(),
                "deletes", counts.deletes(),
                "truncates", counts.truncates());
    }

    private static TableCounts decodeCounts(Object value) {
        if (!(value instanceof Map<?, ?> counts)) {
            throw new IllegalArgumentException("A change record's 'tables' must hold objects");
        }
        return new TableCounts(
                new TableName(string(counts, "schema"), string(counts, "table")),
                number(counts, "inserts"),
                number(counts, "updates"),
                number(counts, "deletes"),
                number(counts, "truncates"));
    }

    private static Map<String, Object> source(TableName table, long lsn) {
        return map("schema", table.schema(), "table", table.name(), "lsn", lsn);
    }

    private static TableName table(Map<?, ?> value) {
        Map<?, ?> source = object(value, "source");
        return new TableName(string(source, "schema"), string(source, "table"));
    }

    private static Tuple tuple(Map<?, ?> value, String key) {
        Tuple.Builder tuple = new Tuple.Builder(8);
        object(value, key)
                .forEach((name, text) -> tuple.add(String.valueOf(name), text == null ? null : text.toString()));
        return tuple.build();
    }

    private static Map<?, ?> object(Map<?, ?> value, String key) {
        return require(value, key, Map.class);
    }

    private static List<?> list(Map<?, ?> value, String key) {
        return require(value, key, List.class);
    }

    private static String string(Map<?, ?> value, String key) {
        return require(value, key, String.class);
    }

    private static long number(Map<?, ?> value, String key) {
        return require(value, key, Number.class).longValue();
    }

    private static <T> T require(Map<?, ?> value, String key, Class<T> type) {
        @Nullable Object found = value.get(key);
        if (!type.isInstance(found)) {
            throw new IllegalArgumentException("A change record has no " + type.getSimpleName() + " '" + key + "'");
        }
        return type.cast(found);
    }

    private static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
