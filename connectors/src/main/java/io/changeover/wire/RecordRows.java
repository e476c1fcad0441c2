package io.changeover.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.changeover.contract.Tuple;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a shape, of which each shares with the one before it the texts that are the same. Not thread-safe. */
final class RecordRows {

    /** Longer texts are seldom the same. */
    private static final int SHORT = 200;

    private final List<String> beforeNames;
    private final List<String> afterNames;

    /** Where each column of the row after is in the row before, or -1. */
    private final int[] places;

    private Tuple lastBefore;
    private Tuple lastAfter;

    RecordRows(List<String> beforeNames, List<String> afterNames) {
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
        RecordReader.expect(json.nextToken() == JsonToken.END_ARRAY, RecordReader.UNFIT);
        return Tuple.of(names, values);
    }

    /** The next value: one of two others, if it is the same. */
    private static @Nullable String value(JsonParser json, @Nullable String one, @Nullable String other)
            throws IOException {
        JsonToken token = json.nextToken();
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        RecordReader.expect(token == JsonToken.VALUE_STRING, RecordReader.UNFIT);
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
