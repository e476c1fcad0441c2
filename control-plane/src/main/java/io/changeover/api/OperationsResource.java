package io.changeover.api;

import io.changeover.runner.ControlPlane;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/** What became of requests that were answered with 202. */
@Path("/api/v1/operations")
@Produces(MediaType.APPLICATION_JSON)
public final class OperationsResource {

    private final ControlPlane controlPlane;

    OperationsResource(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    /** One of them, with what has happened since. */
    @Operation(summary = "What became of a request")
    @GET
    @Path("/{operation}")
    public OperationViews.OperationView show(@PathParam("operation") String id) {
        Optional<Long> number = id.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(id)) : Optional.empty();
        return number.flatMap(controlPlane::operation)
                .map(OperationViews::of)
                .orElseThrow(() -> Problem.notFound("There is no operation " + id));
    }
}
