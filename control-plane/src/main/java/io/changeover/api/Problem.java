package io.changeover.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/**
 * An error of the API, as RFC 9457 has it, with {@code error_code} and {@code message} for clients of Kafka Connect.
 *
 * @param title the kind of error
 * @param status HTTP
 * @param detail what happened and what to do
 * @param blockers why it cannot be done now, one line each
 */
public record Problem(String title, int status, String detail, Optional<List<String>> blockers) {

    /** RFC 9457's media type. */
    public static final String MEDIA_TYPE = "application/problem+json";

    @JsonProperty
    public String type() {
        return "about:blank";
    }

    @JsonProperty
    public int error_code() {
        return status;
    }

    @JsonProperty
    public String message() {
        return detail;
    }

    static WebApplicationException notFound(String detail) {
        return of(404, "Not found", detail, Optional.empty());
    }

    static WebApplicationException badRequest(String detail) {
        return of(400, "Bad request", detail, Optional.empty());
    }

    static WebApplicationException conflict(String detail, List<String> blockers) {
        return of(409, "Conflict", detail, Optional.of(blockers));
    }

    private static WebApplicationException of(
            int status, String title, String detail, Optional<List<String>> blockers) {
        return new WebApplicationException(detail, new Problem(title, status, detail, blockers).response());
    }

    Response response() {
        return Response.status(status).type(MEDIA_TYPE).entity(this).build();
    }
}
