package io.changeover.sink.decode.debezium;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;

/** Recognises what stands for a value that was not sent because it was not changed, in each form that Debezium has. */
final class Unsent {

    private final byte[] bytes;
    private final String uuid;
    private final Set<String> texts;
    private final List<Long> numbers;

    Unsent(String placeholder) {
        bytes = placeholder.getBytes(StandardCharsets.UTF_8);
        uuid = UUID.nameUUIDFromBytes(bytes).toString();
        texts = Set.of(
                placeholder,
                uuid,
                Base64.getEncoder().encodeToString(bytes),
                HexFormat.of().formatHex(bytes));
        numbers =
                IntStream.range(0, bytes.length).mapToObj(i -> (long) bytes[i]).toList();
    }

    boolean is(Object value) {
        if (value instanceof String text) {
            return texts.contains(text);
        } else if (value instanceof byte[] found) {
            return Arrays.equals(bytes, found);
        } else if (value instanceof ByteBuffer found) {
            return ByteBuffer.wrap(bytes).equals(found);
        } else if (value instanceof List<?> list) {
            return (list.size() == 1 && list.get(0) != null && is(list.get(0))) || areNumbers(list);
        } else if (value instanceof Map<?, ?> map) {
            return map.size() == 1 && map.keySet().stream().allMatch(key -> key != null && is(key));
        }
        return value instanceof Struct struct
                && struct.schema().field("wkb") != null
                && struct.getWithoutDefault("wkb") != null
                && is(struct.getWithoutDefault("wkb"));
    }

    private boolean areNumbers(List<?> list) {
        return list.size() == numbers.size()
                && IntStream.range(0, list.size())
                        .allMatch(i -> list.get(i) instanceof Number number
                                && number.longValue() == numbers.get(i)
                                && !(number instanceof Double || number instanceof Float));
    }
}
