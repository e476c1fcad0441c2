package io.changeover.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.ledger.LimitLedger;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** The limits of a load as a request names them: {@code readers} and {@code bytesPerSecond}, whole positive numbers. */
record LoadLimits(LimitLedger.Limits limits) {

    private static final String READERS = "readers";
    private static final String BYTES = "bytesPerSecond";

    /** Reads them; a key that is unknown or a number that is none is a bad request. */
    static LoadLimits parse(JsonNode body) {
        if (body == null || !body.isObject()) {
            throw Problem.badRequest(
                    ProblemCode.WRONG_BODY,
                    "Send {\"" + READERS + "\": NUMBER, \"" + BYTES + "\": NUMBER}; without one of"
                            + " them it has no limit");
        }
        for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!Set.of(READERS, BYTES).contains(name)) {
                throw Problem.badRequest(
                        ProblemCode.WRONG_BODY, "There is no limit " + name + ", only " + READERS + " and " + BYTES);
            }
        }
        OptionalLong readers = number(body, READERS, Integer.MAX_VALUE);
        return new LoadLimits(new LimitLedger.Limits(
                readers.isPresent() ? OptionalInt.of((int) readers.getAsLong()) : OptionalInt.empty(),
                number(body, BYTES, Long.MAX_VALUE)));
    }

    private static OptionalLong number(JsonNode body, String name, long most) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return OptionalLong.empty();
        }
        if (!value.canConvertToLong() || !value.isIntegralNumber() || value.asLong() < 1 || value.asLong() > most) {
            throw Problem.badRequest(ProblemCode.WRONG_BODY, name + " must be a whole number of at least 1");
        }
        return OptionalLong.of(value.asLong());
    }

    /** The same as an answer. */
    Map<String, Object> view() {
        Map<String, Object> view = new LinkedHashMap<>();
        limits.readers().ifPresent(readers -> view.put(READERS, readers));
        limits.bytesPerSecond().ifPresent(bytes -> view.put(BYTES, bytes));
        return view;
    }
}
