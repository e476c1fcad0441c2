package io.changeover.sink.decode.debezium;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a JSON object whose values are strings or null: hstore as Debezium writes it. */
final class FlatJson {

    private final String text;
    private int at;

    private FlatJson(String text) {
        this.text = text;
    }

    /**
     * The object's members, in order.
     *
     * @throws UnreadableValueException if it is anything else
     */
    static Map<String, @Nullable String> read(String json) {
        return new FlatJson(json).object();
    }

    private Map<String, @Nullable String> object() {
        Map<String, @Nullable String> members = new LinkedHashMap<>();
        expect('{');
        for (boolean first = true; next() != '}'; first = false) {
            if (!first) {
                expect(',');
            }
            String name = string();
            expect(':');
            members.put(name, value());
        }
        expect('}');
        if (at < text.stripTrailing().length()) {
            throw notFlat();
        }
        return members;
    }

    private @Nullable String value() {
        if (next() == 'n' && text.startsWith("null", at)) {
            at += "null".length();
            return null;
        }
        return string();
    }

    private String string() {
        expect('"');
        StringBuilder out = new StringBuilder();
        for (char c = take(); c != '"'; c = take()) {
            out.append(c == '\\' ? escaped() : c);
        }
        return out.toString();
    }

    private char escaped() {
        char c = take();
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> (char) Integer.parseInt("" + take() + take() + take() + take(), 16);
            case '"', '\\', '/' -> c;
            default -> throw notFlat();
        };
    }

    private void expect(char wanted) {
        if (next() != wanted) {
            throw notFlat();
        }
        at++;
    }

    private char next() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private char take() {
        if (at >= text.length()) {
            throw notFlat();
        }
        return text.charAt(at++);
    }

    private static UnreadableValueException notFlat() {
        return new UnreadableValueException("is no JSON object of strings, for a column of type hstore");
    }
}
