package io.changeover.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.migration.Wish;
import io.changeover.runner.ControlPlane;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a person asks for a migration as a whole. Adapts HTTP; what happens is {@link ControlPlane}'s. */
@Path("/api/v1/migrations")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class LifecycleResource {

    private final Lifecycle lifecycle;

    /** Of the request at hand. */
    @Context
    private @Nullable SecurityContext security;

    LifecycleResource(ControlPlane controlPlane) {
        this.lifecycle = new Lifecycle(controlPlane);
    }

    @Operation(
            summary = "Starts a migration, or goes on with what failed",
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @PUT
    @Path("/{migration}/start")
    public Response start(@PathParam("migration") String name) {
        return lifecycle.start(Callers.name(security), name, Optional.empty());
    }

    @Operation(
            summary = "Writes nothing more to the targets",
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @PUT
    @Path("/{migration}/pause")
    public Response pause(@PathParam("migration") String name) {
        return lifecycle.ask(Callers.name(security), name, Optional.empty(), Wish.PAUSE);
    }

    @Operation(
            summary = "Stops the captures, too",
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @PUT
    @Path("/{migration}/stop")
    public Response stop(@PathParam("migration") String name) {
        return lifecycle.ask(Callers.name(security), name, Optional.empty(), Wish.STOP);
    }

    @Operation(
            summary = "Goes on with what was paused or stopped",
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @PUT
    @Path("/{migration}/resume")
    public Response resume(@PathParam("migration") String name) {
        return lifecycle.ask(Callers.name(security), name, Optional.empty(), Wish.RESUME);
    }

    @Operation(
            summary = "Gives up what is not cut over yet",
            requestBody =
                    @RequestBody(
                            required = true,
                            description = "The name once more, and servers that are gone for ever",
                            content = @Content(schema = @Schema(implementation = Bodies.Ending.class))),
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @POST
    @Path("/{migration}/cancel")
    public Response cancel(@PathParam("migration") String name, JsonNode body) {
        return lifecycle.confirmed(Callers.name(security), name, Optional.empty(), Wish.CANCEL, body);
    }

    @Operation(
            summary = "Removes what completed pairs have left",
            requestBody =
                    @RequestBody(
                            required = true,
                            description =
                                    "The name once more, and servers that are gone for ever; despiteClients if the source is still used",
                            content = @Content(schema = @Schema(implementation = Bodies.FinishRequest.class))),
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @POST
    @Path("/{migration}/finish")
    public Response finish(@PathParam("migration") String name, JsonNode body) {
        return lifecycle.confirmed(Callers.name(security), name, Optional.empty(), Wish.FINISH, body);
    }
}
