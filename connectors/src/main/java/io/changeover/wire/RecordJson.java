package io.changeover.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Lsns;
import io.changeover.contract.MapWire;
import io.changeover.contract.Shape;
import io.changeover.contract.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes and reads the JSON that {@link MapWire} describes, as a stream: no maps are made. Thread-safe. */
public final class RecordJson {

    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();
    private static final SerializedString OPERATION = new SerializedString("op");
    private static final SerializedString INSERT = new SerializedString("c");
    private static final SerializedString UPDATE = new SerializedString("u");
    private static final SerializedString DELETE = new SerializedString("d");
    private static final SerializedString TRUNCATE = new SerializedString("t");
    private static final SerializedString TABLE = new SerializedString("t");
    private static final SerializedString BEFORE = new SerializedString("before");
    private static final SerializedString AFTER = new SerializedString("after");
    private static final SerializedString BEGIN = new SerializedString("begin");
    private static final SerializedString END = new SerializedString("end");
    private static final SerializedString LSN = new SerializedString("lsn");
    private static final SerializedString COMMITTED_AT = new SerializedString("ts_us");
    private static final SerializedString COUNT = new SerializedString("count");
    private static final int EVENT = 64;
    private static final int RECENT = 8;

    private RecordJson() {}

    /** The record's bytes, in UTF-8. */
    public static byte[] write(List<ChangeEvent> events) {
        Numbered shapes = new Numbered(events);
        ByteArrayBuilder bytes = new ByteArrayBuilder(EVENT * events.size());
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            shapes.write(json);
            json.writeArrayFieldStart("events");
            for (int i = 0; i < events.size(); i++) {
                write(events.get(i), shapes.of(i), json);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("Writing into memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** The shapes of a record's events, each once, by number. */
    private static final class Numbered {

        private final List<Shape> shapes = new ArrayList<>();
        private final int[] numbers;

        Numbered(List<ChangeEvent> events) {
            Map<Shape, Integer> known = new HashMap<>();
            numbers = new int[events.size()];
            for (int i = 0; i < numbers.length; i++) {
                Shape shape = Shape.of(events.get(i));
                if (shape != null) {
                    int recent = recent(shape);
                    numbers[i] = recent >= 0 ? recent : known.computeIfAbsent(shape, this::add);
                }
            }
        }

        private int add(Shape shape) {
            shapes.add(shape);
            return shapes.size() - 1;
        }

        /** The number of the same names in one of the last shapes, or -1: most changes share a decoder's lists. */
        private int recent(Shape shape) {
            for (int i = shapes.size() - 1; i >= 0 && i >= shapes.size() - RECENT; i--) {
                if (shapes.get(i).isOfSameNames(shape)) {
                    return i;
                }
            }
            return -1;
        }

        int of(int event) {
            return numbers[event];
        }

        void write(JsonGenerator json) throws IOException {
            if (shapes.isEmpty()) {
                return;
            }
            json.writeArrayFieldStart("tables");
            for (Shape shape : shapes) {
                json.writeStartObject();
                json.writeStringField("schema", shape.table().schema());
                json.writeStringField("table", shape.table().name());
                writeNames("before", shape.before(), json);
                writeNames("after", shape.after(), json);
                json.writeEndObject();
            }
            json.writeEndArray();
        }

        private static void writeNames(String key, List<String> names, JsonGenerator json) throws IOException {
            if (!names.isEmpty()) {
                json.writeArrayFieldStart(key);
                for (String name : names) {
                    json.writeString(name);
                }
                json.writeEndArray();
            }
        }
    }

    private static void write(ChangeEvent event, int shape, JsonGenerator json) throws IOException {
        if (event instanceof ChangeEvent.Definition definition) {
            write(definition.message(), shape, json);
            return;
        }
        json.writeStartObject();
        if (event instanceof ChangeEvent.Insert insert) {
            writeOperation(INSERT, shape, json);
            write(AFTER, insert.after(), json);
        } else if (event instanceof ChangeEvent.Update update) {
            writeOperation(UPDATE, shape, json);
            write(BEFORE, update.before(), json);
            write(AFTER, update.after(), json);
        } else if (event instanceof ChangeEvent.Delete delete) {
            writeOperation(DELETE, shape, json);
            write(BEFORE, delete.before(), json);
        } else if (event instanceof ChangeEvent.Begin begin) {
            json.writeFieldName(BEGIN);
            json.writeNumber(begin.xid());
            json.writeFieldName(AFTER);
            json.writeString(Lsns.text(begin.after()));
        } else if (event instanceof ChangeEvent.End end) {
            json.writeFieldName(END);
            json.writeNumber(end.xid());
            json.writeFieldName(LSN);
            json.writeString(Lsns.text(end.commitLsn()));
            json.writeFieldName(COMMITTED_AT);
            json.writeNumber(end.committedAt());
            json.writeFieldName(COUNT);
            json.writeNumber(end.count());
        } else if (event instanceof ChangeEvent.Truncate) {
            writeOperation(TRUNCATE, shape, json);
        } else if (event instanceof ChangeEvent.Message message) {
            json.writeStringField("op", "m");
            json.writeStringField("prefix", message.prefix());
            json.writeStringField("content", message.content());
        } else if (event instanceof ChangeEvent.Piece piece) {
            json.writeStringField("op", "p");
            json.writeStringField("of", piece.after() ? "after" : "before");
            json.writeStringField("column", piece.column());
            json.writeNumberField("part", piece.index());
            json.writeNumberField("length", piece.length());
            json.writeStringField("text", piece.text());
        } else if (event instanceof ChangeEvent.Started started) {
            json.writeStringField("started", Lsns.text(started.consistentPoint()));
        } else {
            throw new IllegalStateException(
                    "No encoding for " + event.getClass().getName());
        }
        json.writeEndObject();
    }

    private static void writeOperation(SerializedString op, int shape, JsonGenerator json) throws IOException {
        json.writeFieldName(OPERATION);
        json.writeString(op);
        json.writeFieldName(TABLE);
        json.writeNumber(shape);
    }

    private static void write(SerializedString key, Tuple tuple, JsonGenerator json) throws IOException {
        json.writeFieldName(key);
        json.writeStartArray();
        for (int i = 0; i < tuple.size(); i++) {
            String value = tuple.value(i);
            if (value == null) {
                json.writeNull();
            } else {
                json.writeString(value);
            }
        }
        json.writeEndArray();
    }

    /**
     * Reads a record.
     *
     * @throws IllegalArgumentException if it is not a record of the contract
     */
    public static List<ChangeEvent> read(byte[] record) {
        return new RecordReader(true).read(record);
    }

    /**
     * Reads a record without its rows: the tuples of its changes are empty. For those who count.
     *
     * @throws IllegalArgumentException if it is not a record of the contract
     */
    public static List<ChangeEvent> scan(byte[] record) {
        return new RecordReader(false).read(record);
    }
}
