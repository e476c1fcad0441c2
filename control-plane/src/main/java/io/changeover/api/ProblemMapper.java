package io.changeover.api;

import io.changeover.migration.NotAsSeen;
import io.changeover.migration.NotLeading;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a {@link Problem} of everything that goes wrong; what nobody foresaw goes to the log, not to the caller. */
final class ProblemMapper implements ExceptionMapper<Exception> {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemMapper.class);

    @Override
    public Response toResponse(Exception e) {
        if (e instanceof WebApplicationException known) {
            Response response = known.getResponse();
            return response.hasEntity()
                    ? response
                    : problem(response.getStatus(), response.getStatusInfo().getReasonPhrase());
        }
        if (e instanceof com.fasterxml.jackson.core.JsonProcessingException) {
            return Problem.of(ProblemCode.WRONG_BODY, "Bad request", "The body is not the JSON that this call takes")
                    .response();
        }
        if (e instanceof NotAsSeen) {
            return Problem.of(ProblemCode.CHANGED_SINCE, "Precondition failed", String.valueOf(e.getMessage()))
                    .response();
        }
        if (e instanceof NotLeading) {
            return Problem.of(ProblemCode.NOT_AVAILABLE, "Service Unavailable", String.valueOf(e.getMessage()))
                    .response();
        }
        if (e instanceof SQLException sql) {
            LOG.warn("A server did not do what a call of the API needs", e);
            String why = "A database server did not do what was asked: " + sql.getMessage();
            return Problem.of(ProblemCode.SERVER_REFUSED, "Service Unavailable", why)
                    .response();
        }
        LOG.error("A call of the API failed", e);
        return problem(500, "The control plane failed; its log says why");
    }

    private static Response problem(int status, String detail) {
        String title = Optional.ofNullable(Response.Status.fromStatusCode(status))
                .map(Response.Status::getReasonPhrase)
                .orElse("Error");
        return new Problem(title, status, detail, Optional.empty()).response();
    }
}
