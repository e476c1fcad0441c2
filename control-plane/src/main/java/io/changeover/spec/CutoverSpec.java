package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.Duration;

/**
 * How the cutover goes.
 *
 * @param mode who says when
 * @param drainTimeout how long the source may stay fenced until the target has everything; after it the fence is lifted
 */
public record CutoverSpec(
        CutoverMode mode,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Duration drainTimeout) {

    /** A person says when; the source is fenced for 30 seconds at most. */
    public static final CutoverSpec DEFAULT = new CutoverSpec(CutoverMode.MANUAL, Duration.ofSeconds(30));
}
