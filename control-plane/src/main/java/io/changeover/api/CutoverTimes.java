package io.changeover.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.runner.Cutovers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** When a cutover is to begin, as a request says it. */
final class CutoverTimes {

    private CutoverTimes() {}

    /** Reads {@code at}, an instant, and {@code within}, a duration of ISO 8601 from then on, or from now. */
    static Cutovers.Time parse(JsonNode body, Instant now) {
        Optional<Instant> at = text(body, "at").map(CutoverTimes::instant);
        if (at.isPresent() && at.get().isBefore(now)) {
            throw Problem.badRequest(ProblemCode.WRONG_BODY, "at is in the past: " + at.get());
        }
        Optional<Duration> within = text(body, "within").map(CutoverTimes::duration);
        return new Cutovers.Time(at, within.map(at.orElse(now)::plus));
    }

    private static Optional<String> text(JsonNode body, String key) {
        return Optional.of(body.path(key).asText("")).filter(text -> !text.isEmpty());
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw Problem.badRequest(
                    ProblemCode.WRONG_BODY, "at must be a time such as 2026-11-28T03:00:00Z, not " + text);
        }
    }

    private static Duration duration(String text) {
        try {
            Duration duration = Duration.parse(text);
            if (!duration.isNegative() && !duration.isZero()) {
                return duration;
            }
        } catch (DateTimeException e) {
            // the answer below says what is allowed
        }
        throw Problem.badRequest(ProblemCode.WRONG_BODY, "within must be a length of time such as PT15M, not " + text);
    }
}
