package io.changeover.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.migration.DatabaseStatus;
import io.changeover.runner.ControlPlane;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The cutover back to the old source. */
@Path("/api/v1/migrations/{migration}/databases/{database}/rollback")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class RollbackResource {

    private final ControlPlane controlPlane;
    private final Lookup lookup;

    /** Of the request at hand. */
    @Context
    private @Nullable SecurityContext security;

    RollbackResource(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.lookup = new Lookup(controlPlane);
    }

    @Operation(
            summary = "Begins the cutover back to the old source",
            requestBody =
                    @RequestBody(
                            required = true,
                            description = "The name once more",
                            content = @Content(schema = @Schema(implementation = Bodies.Confirmation.class))),
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.DatabaseView.class))))
    @POST
    public Response rollBack(
            @PathParam("migration") String name, @PathParam("database") String database, JsonNode body) {
        DatabaseStatus status = lookup.database(name, database);
        String wanted = Lifecycle.name(name, Optional.of(database));
        Lifecycle.requireConfirmed(body, wanted, "the rollback");
        List<String> blockers = controlPlane.rollbacks().request(Callers.name(security), name, status.pair());
        if (!blockers.isEmpty()) {
            throw Problem.conflict(
                    ProblemCode.ROLLBACK_NOT_READY,
                    "The rollback of " + wanted + ", whose source is the target, cannot begin: "
                            + String.join("; ", blockers),
                    blockers);
        }
        return Response.accepted(lookup.view(name, database)).build();
    }
}
