package io.changeover.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Optional;

/** What requests send, for the description of the API; they are read key by key, for better messages. */
final class Bodies {

    private Bodies() {}

    /** The name once more, so that nothing is done by mistake. */
    record Confirmation(@Schema(example = "shop/shop") String confirm) {}

    /** What the load may take of the source. */
    record Limits(Optional<Integer> readers, Optional<Long> bytesPerSecond) {}
}
