package io.changeover.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Lsns;
import io.changeover.contract.Shape;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** The state of reading one record. Not thread-safe. */
final class RecordReader {

    private final boolean rows;
    private final List<Shape> shapes = new ArrayList<>();
    private final List<RecordRows> rowsOfShapes = new ArrayList<>();
    private final List<ChangeEvent> events = new ArrayList<>();

    RecordReader(boolean rows) {
        this.rows = rows;
    }

    List<ChangeEvent> read(byte[] record) {
        try (JsonParser json = RecordJson.JSON.createParser(record)) {
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

    static final String UNFIT = "has a row that does not fit its columns";

    static void expect(boolean holds, String otherwise) {
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
            rowsOfShapes.add(new RecordRows(before, after));
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
        RecordRows last = rowsOfShapes.get(number);
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

    private static ChangeEvent readMessage(JsonParser json) throws IOException {
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
        return ChangeEvent.ofMessage(prefix, content);
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
