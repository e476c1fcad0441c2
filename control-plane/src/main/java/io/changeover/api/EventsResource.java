package io.changeover.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What happens, as it happens: server-sent events. */
@Path("/api/v1/events")
public final class EventsResource {

    private static final String LAST_ID = "Last-Event-ID";

    private final Events events;

    EventsResource(Events events) {
        this.events = events;
    }

    /** Follows all migrations, or one. */
    @Operation(
            summary = "What happens, as it happens",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "Server-sent events",
                            content = @Content(mediaType = "text/event-stream", schema = @Schema(type = "string"))))
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void follow(
            @QueryParam("migration") @Nullable String migration,
            @HeaderParam(LAST_ID) @Nullable String lastId,
            @Context Sse sse,
            @Context SseEventSink sink) {
        OptionalLong after = after(Optional.ofNullable(lastId).orElse(""));
        Optional<String> wanted = Optional.ofNullable(migration).filter(name -> !name.isEmpty());
        if (!events.join(sse, sink, wanted, after)) {
            String why = "As many clients as can follow the events: " + Events.MOST_CLIENTS;
            Response refusal = Problem.of(ProblemCode.TOO_MANY_CLIENTS, "Service Unavailable", why)
                    .response();
            throw new WebApplicationException(
                    why,
                    Response.fromResponse(refusal).header("Retry-After", 30).build());
        }
    }

    private static OptionalLong after(String lastId) {
        if (lastId.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!lastId.matches("[0-9]{1,18}")) {
            throw Problem.badRequest(
                    ProblemCode.WRONG_PARAMETER, LAST_ID + " must be the id of an event, not " + lastId);
        }
        return OptionalLong.of(Long.parseLong(lastId));
    }
}
