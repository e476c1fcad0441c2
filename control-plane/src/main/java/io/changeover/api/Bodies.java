package io.changeover.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;

/** What requests send, for the description of the API; they are read key by key, for better messages. */
final class Bodies {

    private Bodies() {}

    /** The name once more, so that nothing is done by mistake. */
    record Confirmation(@Schema(example = "shop/shop") String confirm) {}

    /** The same, and which servers are gone for ever: {@code source}, {@code target} or both. */
    record Ending(@Schema(example = "shop/shop") String confirm, Optional<List<String>> without) {}
    /** The same, and whether a source that is still used is to be let go. */
    record FinishRequest(
            @Schema(example = "shop/shop") String confirm,
            Optional<List<String>> without,
            Optional<Boolean> despiteClients) {}

    /** The same, and when: {@code at} an instant, {@code within} how long after it the cutover may begin. */
    record CutoverRequest(
            @Schema(example = "shop/shop") String confirm,
            @Schema(example = "2026-11-28T03:00:00Z") Optional<String> at,
            @Schema(example = "PT15M") Optional<String> within) {}

    /** How many times a cutover is rehearsed. */
    record RehearsalRequest(Optional<Integer> runs) {

        /** If nothing is said. */
        static final int RUNS = 3;

        /** A rehearsal occupies both servers. */
        static final int MOST = 50;
    }

    /** What the load may take of the source. */
    record Limits(Optional<Integer> readers, Optional<Long> bytesPerSecond) {}
}
