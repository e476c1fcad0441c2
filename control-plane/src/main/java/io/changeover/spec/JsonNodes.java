package io.changeover.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON into {@link Node}s, whose places are JSON pointers. */
final class JsonNodes {

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonNodes() {}

    /**
     * Reads one value.
     *
     * @throws InvalidMigrationFile if this is not JSON, or a key is there twice
     */
    static Node read(String text, Problems problems) throws InvalidMigrationFile {
        Place root = new Place(0, "", Place.Style.POINTER);
        try {
            return convert(STRICT.readTree(text), root);
        } catch (JsonProcessingException e) {
            // Jackson's own message can repeat what it read, which can be a password
            boolean twice = e.getOriginalMessage().startsWith("Duplicate field");
            var location = e.getLocation();
            String where = location == null
                    ? ""
                    : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
            problems.add(root, (twice ? "a key is there twice" : "not valid JSON") + where);
            throw problems.asException();
        }
    }

    private static Node convert(JsonNode json, Place place) {
        if (json.isObject()) {
            Map<String, Node> values = new LinkedHashMap<>();
            json.properties().forEach(field -> {
                Place below = place.key(field.getKey(), 0);
                values.put(field.getKey(), convert(field.getValue(), below));
            });
            return new Node.Mapping(place, values);
        }
        if (json.isArray()) {
            List<Node> items = new ArrayList<>();
            json.forEach(item -> items.add(convert(item, place.item(items.size(), 0))));
            return new Node.Sequence(place, items);
        }
        if (json.isTextual()) {
            return new Node.Text(place, json.textValue());
        }
        if (json.isNumber()) {
            return new Node.Numeral(place, json.asText());
        }
        if (json.isBoolean()) {
            return new Node.Flag(place, json.booleanValue());
        }
        return json.isNull() || json.isMissingNode() ? new Node.Nothing(place) : new Node.Other(place);
    }
}
