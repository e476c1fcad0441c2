package io.changeover.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Lsns;
import io.changeover.contract.MapWire;
import io.changeover.contract.Shape;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Writes and reads the JSON that {@link MapWire} describes, as a stream: no maps are made. Thread-safe. */
public final class RecordJson {

    private static final JsonFactory JSON = JsonFactory.builder()
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
        return new Reader(true).read(record);
    }

    /**
     * Reads a record without its rows: the tuples of its changes are empty. For those who count.
     *
     * @throws IllegalArgumentException if it is not a record of the contract
     */
    public static List<ChangeEvent> scan(byte[] record) {
        return new Reader(false).read(record);
    }

    /** The state of reading one record. */
    private static final class Reader {

        private final boolean rows;
        private final List<Shape> shapes = new ArrayList<>();
        private final List<Rows> rowsOfShapes = new ArrayList<>();
        private final List<ChangeEvent> events = new ArrayList<>();

        Reader(boolean rows) {
            this.rows = rows;
        }

        List<ChangeEvent> read(byte[] record) {
            try (JsonParser json = JSON.createParser(record)) {
                expect(json.nextToken() == JsonToken.START_OBJECT, "is no object");
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String field = json.currentName();
                    expect(json.nextToken() == JsonToken.START_ARRAY, "has a field that is no list");
                    switch (field) {
                        case "tables" -> readShapes(json);
                        case "events" -> readEvents(json);
                        default -> throw new IllegalArgumentException("A change record has an unknown field");
                    }
                }
                return events;
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("A change record has a number that is none");
            } catch (JsonProcessingException e) { // whose message repeats what it has read
                throw new IllegalArgumentException(
                        "A change record is not JSON at byte " + e.getLocation().getByteOffset());
            } catch (IOException e) {
                throw new IllegalArgumentException("A change record is not JSON");
            }
        }

        private static final String UNFIT = "has a row that does not fit its columns";

        private static void expect(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalArgumentException("A change record " + otherwise);
            }
        }

        private void readShapes(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.START_OBJECT) {
                String schema = "";
                String table = "";
                List<String> before = List.of();
                List<String> after = List.of();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String field = json.currentName();
                    json.nextToken();
                    switch (field) {
                        case "schema" -> schema = json.getText();
                        case "table" -> table = json.getText();
                        case "before" -> before = readNames(json);
                        case "after" -> after = readNames(json);
                        default -> json.skipChildren();
                    }
                }
                shapes.add(new Shape(new TableName(schema, table), before, after));
                rowsOfShapes.add(new Rows(before, after));
            }
        }

        private static List<String> readNames(JsonParser json) throws IOException {
            List<String> names = new ArrayList<>();
            while (json.nextToken() == JsonToken.VALUE_STRING) {
                names.add(json.getText());
            }
            return List.copyOf(names);
        }

        private void readEvents(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.START_OBJECT) {
                json.nextToken();
                String first = json.currentName();
                json.nextToken();
                switch (first == null ? "" : first) {
                    case "op" -> readChange(json.getText(), json);
                    case "begin" -> readBegin(json.getLongValue(), json);
                    case "end" -> readEnd(json.getLongValue(), json);
                    case "started" -> {
                        events.add(new ChangeEvent.Started(Lsns.parse(json.getText())));
                        json.nextToken();
                    }
                    default -> throw new IllegalArgumentException("An event of a change record is nothing known");
                }
            }
        }

        private void readBegin(long xid, JsonParser json) throws IOException {
            @Nullable LogSequenceNumber after = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                if (field.equals("after")) {
                    after = Lsns.parse(json.getText());
                }
            }
            if (after == null) {
                throw new IllegalArgumentException("A begin in a change record does not say after what");
            }
            events.add(new ChangeEvent.Begin(xid, after));
        }

        private void readEnd(long xid, JsonParser json) throws IOException {
            @Nullable LogSequenceNumber lsn = null;
            long committedAt = 0;
            long count = -1;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                if (field.equals("lsn")) {
                    lsn = Lsns.parse(json.getText());
                } else if (field.equals("ts_us")) {
                    committedAt = json.getLongValue();
                } else if (field.equals("count")) {
                    count = json.getLongValue();
                }
            }
            if (lsn == null || count < 0) {
                throw new IllegalArgumentException("An end in a change record has no lsn or no count");
            }
            events.add(new ChangeEvent.End(xid, lsn, committedAt, count));
        }

        private void readChange(String op, JsonParser json) throws IOException {
            if (op.equals("m")) {
                events.add(readMessage(json));
                return;
            }
            if (op.equals("p")) {
                events.add(readPiece(json));
                return;
            }
            expect("t".equals(json.nextFieldName()), "has a change without a table");
            int number = json.nextIntValue(-1);
            expect(number >= 0 && number < shapes.size(), "has no table number " + number);
            Shape shape = shapes.get(number);
            Rows last = rowsOfShapes.get(number);
            Tuple before = Tuple.EMPTY;
            Tuple after = Tuple.EMPTY;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                expect(json.nextToken() == JsonToken.START_ARRAY, "has a change with a field that is no list");
                if (!rows) {
                    json.skipChildren();
                } else if (field.equals("after")) {
                    after = last.readAfter(json, before);
                } else if (field.equals("before")) {
                    before = last.readBefore(json);
                } else {
                    throw new IllegalArgumentException("A change has an unknown field");
                }
            }
            events.add(
                    switch (op) {
                        case "c" -> new ChangeEvent.Insert(shape.table(), after);
                        case "u" -> new ChangeEvent.Update(shape.table(), before, after);
                        case "d" -> new ChangeEvent.Delete(shape.table(), before);
                        case "t" -> new ChangeEvent.Truncate(shape.table());
                        default -> throw new IllegalArgumentException("Unknown operation in a change record");
                    });
        }

        private static ChangeEvent.Message readMessage(JsonParser json) throws IOException {
            String prefix = "";
            String content = "";
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                String value = json.nextTextValue();
                if (field.equals("prefix")) {
                    prefix = String.valueOf(value);
                } else if (field.equals("content")) {
                    content = String.valueOf(value);
                }
            }
            return new ChangeEvent.Message(prefix, content);
        }

        private ChangeEvent.Piece readPiece(JsonParser json) throws IOException {
            boolean after = true;
            String column = "";
            String text = "";
            int index = 0;
            int length = 0;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "of" -> after = json.getText().equals("after");
                    case "column" -> column = json.getText();
                    case "part" -> index = json.getIntValue();
                    case "length" -> length = json.getIntValue();
                    case "text" -> text = rows ? json.getText() : "";
                    default -> json.skipChildren();
                }
            }
            return new ChangeEvent.Piece(after, column, index, length, text);
        }
    }

    /** The rows of a shape, of which each shares with the one before it the texts that are the same. */
    private static final class Rows {

        /** Longer texts are seldom the same. */
        private static final int SHORT = 200;

        private final List<String> beforeNames;
        private final List<String> afterNames;

        /** Where each column of the row after is in the row before, or -1. */
        private final int[] places;

        private Tuple lastBefore;
        private Tuple lastAfter;

        Rows(List<String> beforeNames, List<String> afterNames) {
            this.beforeNames = beforeNames;
            this.afterNames = afterNames;
            places = afterNames.stream().mapToInt(beforeNames::indexOf).toArray();
            lastBefore = Tuple.of(beforeNames, new String[beforeNames.size()]);
            lastAfter = Tuple.of(afterNames, new String[afterNames.size()]);
        }

        Tuple readBefore(JsonParser json) throws IOException {
            @Nullable String[] values = new String[beforeNames.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = value(json, lastBefore.value(i), null);
            }
            lastBefore = tuple(beforeNames, values, json);
            return lastBefore;
        }

        Tuple readAfter(JsonParser json, Tuple before) throws IOException {
            @Nullable String[] values = new String[afterNames.size()];
            for (int i = 0; i < values.length; i++) {
                @Nullable String then = places[i] < 0 || before.size() == 0 ? null : before.value(places[i]);
                values[i] = value(json, lastAfter.value(i), then);
            }
            lastAfter = tuple(afterNames, values, json);
            return lastAfter;
        }

        private static Tuple tuple(List<String> names, @Nullable String[] values, JsonParser json) throws IOException {
            Reader.expect(json.nextToken() == JsonToken.END_ARRAY, Reader.UNFIT);
            return Tuple.of(names, values);
        }

        /** The next value: one of two others, if it is the same. */
        private static @Nullable String value(JsonParser json, @Nullable String one, @Nullable String other)
                throws IOException {
            JsonToken token = json.nextToken();
            if (token == JsonToken.VALUE_NULL) {
                return null;
            }
            Reader.expect(token == JsonToken.VALUE_STRING, Reader.UNFIT);
            int length = json.getTextLength();
            if (length <= SHORT) {
                char[] text = json.getTextCharacters();
                int from = json.getTextOffset();
                if (isSame(one, text, from, length)) {
                    return one;
                } else if (isSame(other, text, from, length)) {
                    return other;
                }
            }
            return json.getText();
        }

        private static boolean isSame(@Nullable String known, char[] text, int from, int length) {
            if (known == null || known.length() != length) {
                return false;
            }
            for (int i = length - 1; i >= 0; i--) {
                if (known.charAt(i) != text[from + i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
