package io.changeover.connect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.Supplier;

/** Decides before each request that changes something in Kafka Connect whether it may be sent. */
@FunctionalInterface
public interface Leave {

    /** Everything may be sent. */
    Leave ALWAYS = (what, request) -> request.get();

    /**
     * Sends the request.
     *
     * @param what it is, for the log
     * @throws ConnectFailure if it may not be sent, and why
     */
    Optional<JsonNode> during(String what, Supplier<Optional<JsonNode>> request);
}
