package io.changeover.contract;

import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A record of the change topic as a map of strings, numbers and lists, for any Connect converter that carries data
 * without a schema (Kafka's JSON converter with {@code schemas.enable=false}). As JSON:
 *
 * <pre>{@code
 * {"tables": [{"schema": "public", "table": "film", "before": ["id"], "after": ["id", "title"]}],
 *  "events": [{"begin": 742, "after": "0/16B3620"},
 *             {"op": "u", "t": 0, "before": ["1"], "after": ["1", "ACADEMY DINOSAUR"]},
 *             {"end": 742, "lsn": "0/16B3748", "ts_us": 1763866000000000, "count": 1}]}
 * }</pre>
 *
 * <p>{@code tables} says which columns the changes have; a change names its entry by position. Values are strings or
 * null; a column that was not sent is not among the names. Operations are Debezium's: c, u, d, t (truncate), m
 * (message; one of prefix {@code changeover.definition} says how a table is defined); p is a piece of a long value.
 */
public final class MapWire {

    private MapWire() {}

    static Map<String, Object> encode(List<ChangeEvent> events) {
        Map<Shape, Integer> shapes = new LinkedHashMap<>();
        List<Object> encoded = new ArrayList<>(events.size());
        for (ChangeEvent event : events) {
            Shape shape = Shape.of(event);
            int number = shape == null ? -1 : shapes.computeIfAbsent(shape, added -> shapes.size());
            encoded.add(encode(event, number));
        }
        Map<String, Object> record = new LinkedHashMap<>();
        if (!shapes.isEmpty()) {
            record.put("tables", shapes.keySet().stream().map(MapWire::encode).toList());
        }
        record.put("events", encoded);
        return record;
    }

    private static Map<String, Object> encode(Shape shape) {
        Map<String, Object> map =
                map("schema", shape.table().schema(), "table", shape.table().name());
        if (!shape.before().isEmpty()) {
            map.put("before", shape.before());
        }
        if (!shape.after().isEmpty()) {
            map.put("after", shape.after());
        }
        return map;
    }

    private static Map<String, Object> encode(ChangeEvent event, int shape) {
        if (event instanceof ChangeEvent.Started started) {
            return map("started", started.consistentPoint().asString());
        } else if (event instanceof ChangeEvent.Begin begin) {
            return map("begin", begin.xid(), "after", begin.after().asString());
        } else if (event instanceof ChangeEvent.End end) {
            return map(
                    "end", end.xid(),
                    "lsn", end.commitLsn().asString(),
                    "ts_us", end.committedAt(),
                    "count", end.count());
        } else if (event instanceof ChangeEvent.Insert insert) {
            return map("op", "c", "t", shape, "after", values(insert.after()));
        } else if (event instanceof ChangeEvent.Update update) {
            return map("op", "u", "t", shape, "before", values(update.before()), "after", values(update.after()));
        } else if (event instanceof ChangeEvent.Delete delete) {
            return map("op", "d", "t", shape, "before", values(delete.before()));
        } else if (event instanceof ChangeEvent.Truncate) {
            return map("op", "t", "t", shape);
        } else if (event instanceof ChangeEvent.Message message) {
            return map("op", "m", "prefix", message.prefix(), "content", message.content());
        } else if (event instanceof ChangeEvent.Definition definition) {
            return encode(definition.message(), shape);
        } else if (event instanceof ChangeEvent.Piece piece) {
            return map(
                    "op", "p",
                    "of", piece.after() ? "after" : "before",
                    "column", piece.column(),
                    "part", piece.index(),
                    "length", piece.length(),
                    "text", piece.text());
        }
        throw new IllegalStateException("No encoding for " + event.getClass().getName());
    }

    private static List<@Nullable String> values(Tuple tuple) {
        List<@Nullable String> values = new ArrayList<>(tuple.size());
        for (int i = 0; i < tuple.size(); i++) {
            values.add(tuple.value(i));
        }
        return values;
    }

    /**
     * Decodes a record's value.
     *
     * @throws IllegalArgumentException if it is not a record of the contract; the message names what is missing
     */
    public static List<ChangeEvent> decode(Map<?, ?> record) {
        if (record instanceof ChangeRecord known) {
            return known.events();
        }
        List<Shape> shapes = record.containsKey("tables")
                ? list(record, "tables").stream().map(MapWire::shape).toList()
                : List.of();
        return list(record, "events").stream()
                .map(event -> event(event, shapes))
                .toList();
    }

    private static Shape shape(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> table)) {
            throw new IllegalArgumentException("A change record's 'tables' must hold objects");
        }
        return new Shape(
                new TableName(string(table, "schema"), string(table, "table")),
                names(table, "before"),
                names(table, "after"));
    }

    private static List<String> names(Map<?, ?> table, String key) {
        return table.containsKey(key)
                ? list(table, key).stream().map(String::valueOf).toList()
                : List.of();
    }

    private static ChangeEvent event(@Nullable Object value, List<Shape> shapes) {
        if (!(value instanceof Map<?, ?> event)) {
            throw new IllegalArgumentException("A change record's 'events' must hold objects");
        }
        return event.containsKey("op") ? change(string(event, "op"), event, shapes) : boundary(event);
    }

    private static ChangeEvent change(String op, Map<?, ?> event, List<Shape> shapes) {
        return switch (op) {
            case "c" -> {
                Shape shape = shape(event, shapes);
                yield new ChangeEvent.Insert(shape.table(), tuple(event, "after", shape.after()));
            }
            case "u" -> {
                Shape shape = shape(event, shapes);
                yield new ChangeEvent.Update(
                        shape.table(), tuple(event, "before", shape.before()), tuple(event, "after", shape.after()));
            }
            case "d" -> {
                Shape shape = shape(event, shapes);
                yield new ChangeEvent.Delete(shape.table(), tuple(event, "before", shape.before()));
            }
            case "t" -> new ChangeEvent.Truncate(shape(event, shapes).table());
            case "m" -> ChangeEvent.ofMessage(string(event, "prefix"), string(event, "content"));
            case "p" ->
                new ChangeEvent.Piece(
                        string(event, "of").equals("after"),
                        string(event, "column"),
                        Math.toIntExact(number(event, "part")),
                        Math.toIntExact(number(event, "length")),
                        string(event, "text"));
            default -> throw new IllegalArgumentException("Unknown operation in a change record");
        };
    }

    private static ChangeEvent boundary(Map<?, ?> event) {
        if (event.containsKey("begin")) {
            return new ChangeEvent.Begin(number(event, "begin"), lsn(event, "after"));
        } else if (event.containsKey("end")) {
            return new ChangeEvent.End(
                    number(event, "end"), lsn(event, "lsn"), number(event, "ts_us"), number(event, "count"));
        } else if (event.containsKey("started")) {
            return new ChangeEvent.Started(lsn(event, "started"));
        }
        throw new IllegalArgumentException("An event of a change record is nothing known");
    }

    private static Shape shape(Map<?, ?> event, List<Shape> shapes) {
        long number = number(event, "t");
        if (number < 0 || number >= shapes.size()) {
            throw new IllegalArgumentException("A change record has no table number " + number);
        }
        return shapes.get((int) number);
    }

    private static Tuple tuple(Map<?, ?> event, String key, List<String> names) {
        List<?> values = list(event, key);
        @Nullable String[] texts = new String[values.size()];
        for (int i = 0; i < texts.length; i++) {
            Object value = values.get(i);
            texts[i] = value == null ? null : value.toString();
        }
        return Tuple.of(names, texts);
    }

    private static LogSequenceNumber lsn(Map<?, ?> value, String key) {
        return LogSequenceNumber.valueOf(string(value, key));
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
