package io.changeover.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.postgres.TableName;
import java.io.IOException;
import java.util.Base64;
import java.util.List;

/**
 * Where a page of tables ends: the next one begins after it, whatever has changed since. It belongs to one order.
 *
 * @param place of the last table of the page
 */
record TableCursor(TableOrder order, TableOrder.Place place) {

    private static final int PARTS = 4;

    /** Opaque to clients. */
    String text() {
        try {
            byte[] json = Json.mapper()
                    .writeValueAsBytes(List.of(
                            order.toString(),
                            place.value(),
                            place.table().schema(),
                            place.table().name()));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads it; one of another order, or none of ours, is a bad request. */
    static TableCursor parse(String text, TableOrder order) {
        JsonNode parts = parts(text);
        if (!parts.isArray() || parts.size() != PARTS || !parts.path(1).canConvertToLong()) {
            throw notOurs();
        }
        if (!parts.path(0).asText().equals(order.toString())) {
            throw Problem.badRequest(
                    ProblemCode.WRONG_PARAMETER,
                    "cursor belongs to a list with sort=" + parts.path(0).asText()
                            + ": repeat all parameters with it, or begin without a cursor");
        }
        return new TableCursor(
                order,
                new TableOrder.Place(
                        parts.path(1).asLong(),
                        new TableName(parts.path(2).asText(), parts.path(3).asText())));
    }

    private static JsonNode parts(String text) {
        try {
            return Json.mapper().readTree(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException | IOException e) {
            throw notOurs();
        }
    }

    private static RuntimeException notOurs() {
        return Problem.badRequest(ProblemCode.WRONG_PARAMETER, "cursor is not one that an answer has named");
    }
}
