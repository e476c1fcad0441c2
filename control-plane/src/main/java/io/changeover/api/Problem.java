package io.changeover.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An error of the API, as RFC 9457 has it, with {@code error_code} and {@code message} for clients of Kafka Connect.
 *
 * @param title the kind of error
 * @param status HTTP
 * @param code of {@link ProblemCode}, for programs
 * @param detail what happened and what to do
 * @param blockers why it cannot be done now, one line each
 */
public record Problem(String title, int status, String code, String detail, Optional<List<String>> blockers) {

    /** RFC 9457's media type. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** One whose status says all that there is to say. */
    Problem(String title, int status, String detail, Optional<List<String>> blockers) {
        this(title, status, ProblemCode.of(status).text(), detail, blockers);
    }

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
        return of(ProblemCode.NOT_FOUND, "Not found", detail, Optional.empty());
    }

    static WebApplicationException badRequest(String detail) {
        return badRequest(ProblemCode.WRONG_REQUEST, detail);
    }

    static WebApplicationException badRequest(ProblemCode code, String detail) {
        return of(code, "Bad request", detail, Optional.empty());
    }

    static WebApplicationException conflict(String detail, List<String> blockers) {
        return conflict(ProblemCode.NOT_POSSIBLE_NOW, detail, blockers);
    }

    static WebApplicationException conflict(ProblemCode code, String detail, List<String> blockers) {
        return of(code, "Conflict", detail, Optional.of(blockers));
    }

    /** The same with a reason for each database. */
    static WebApplicationException conflict(ProblemCode code, String what, Map<String, String> reasons) {
        List<String> blockers = reasons.entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue())
                .toList();
        return conflict(code, what + ": " + String.join("; ", blockers), blockers);
    }

    private static WebApplicationException of(
            ProblemCode code, String title, String detail, Optional<List<String>> blockers) {
        Problem problem = new Problem(title, code.status(), code.text(), detail, blockers);
        return new WebApplicationException(detail, problem.response());
    }

    static Problem of(ProblemCode code, String title, String detail) {
        return new Problem(title, code.status(), code.text(), detail, Optional.empty());
    }

    Response response() {
        return Response.status(status).type(MEDIA_TYPE).entity(this).build();
    }
}
