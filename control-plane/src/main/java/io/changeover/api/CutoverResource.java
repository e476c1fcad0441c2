package io.changeover.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.cutover.Gate;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Migration;
import io.changeover.runner.ControlPlane;
import io.changeover.runner.Cutovers;
import io.changeover.runner.Rollbacks;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The cutover: its gates, its rehearsal, its beginning, its being aborted. */
@Path("/api/v1/migrations")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class CutoverResource {

    /** What has to hold for a cutover, as it is now. */
    public record GateView(String name, boolean ok, String value, String threshold, Optional<String> blocker) {}

    private final Cutovers cutovers;
    private final Rollbacks rollbacks;
    private final Lifecycle lifecycle;
    private final Lookup lookup;

    /** Of the request at hand. */
    @Context
    private @Nullable SecurityContext security;

    CutoverResource(ControlPlane controlPlane) {
        this.cutovers = controlPlane.cutovers();
        this.rollbacks = controlPlane.rollbacks();
        this.lifecycle = new Lifecycle(controlPlane);
        this.lookup = new Lookup(controlPlane);
    }

    @Operation(summary = "What has to hold for the cutover of a pair, or for its rollback, looked at now")
    @GET
    @Path("/{migration}/databases/{database}/gates")
    public List<GateView> gates(@PathParam("migration") String name, @PathParam("database") String database) {
        DatabaseStatus status = lookup.database(name, database);
        List<Gate> gates = status.followsBack() ? rollbacks.gates(name, status) : cutovers.gates(name, status);
        return gates.stream().map(CutoverResource::view).toList();
    }

    private static GateView view(Gate gate) {
        return new GateView(
                gate.name(),
                gate.ok(),
                gate.value(),
                gate.threshold(),
                Optional.of(gate.blocker()).filter(text -> !text.isEmpty()));
    }

    /** Begins the cutover of a pair that is ready for it, or arranges it for later. */
    @Operation(
            summary = "Begins the cutover of a pair, or arranges it for later",
            requestBody =
                    @RequestBody(
                            required = true,
                            description = "The name once more, and if wanted the time",
                            content = @Content(schema = @Schema(implementation = Bodies.CutoverRequest.class))),
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.DatabaseView.class))))
    @POST
    @Path("/{migration}/databases/{database}/cutover")
    public Response cutover(
            @PathParam("migration") String name, @PathParam("database") String database, JsonNode body) {
        begin(name, Optional.of(database), body);
        return Response.accepted(lookup.view(name, database)).build();
    }

    /** The same for all pairs of a migration, which begin together. */
    @Operation(
            summary = "Begins the cutovers of all pairs together, or arranges them for later",
            requestBody =
                    @RequestBody(
                            required = true,
                            description = "The name once more, and if wanted the time",
                            content = @Content(schema = @Schema(implementation = Bodies.CutoverRequest.class))),
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @POST
    @Path("/{migration}/cutover")
    public Response cutover(@PathParam("migration") String name, JsonNode body) {
        begin(name, Optional.empty(), body);
        return lifecycle.accepted(name);
    }

    private void begin(String name, Optional<String> database, JsonNode body) {
        lifecycle.find(name, database);
        String wanted = Lifecycle.name(name, database);
        Lifecycle.requireConfirmed(body, wanted, "the cutover");
        Cutovers.Time time = CutoverTimes.parse(body, cutovers.now());
        Map<String, List<String>> blockers = cutovers.request(Callers.name(security), name, database, time);
        if (!blockers.isEmpty()) {
            List<String> all = new ArrayList<>();
            blockers.forEach((source, sentences) ->
                    sentences.forEach(sentence -> all.add(database.isPresent() ? sentence : source + ": " + sentence)));
            throw Problem.conflict(
                    ProblemCode.CUTOVER_NOT_READY,
                    "The cutover of " + wanted + " cannot begin: " + String.join("; ", all),
                    all);
        }
    }

    @Operation(
            summary = "Has the cutover or rollback of a pair given up, or withdraws it before it has begun",
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @PUT
    @Path("/{migration}/databases/{database}/abort")
    public Response abort(@PathParam("migration") String name, @PathParam("database") String database) {
        return abort(name, Optional.of(database));
    }

    @Operation(
            summary = "Has the cutovers of all pairs given up that are not completed",
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @PUT
    @Path("/{migration}/abort")
    public Response abort(@PathParam("migration") String name) {
        return abort(name, Optional.empty());
    }

    private Response abort(String name, Optional<String> database) {
        Migration migration = lifecycle.find(name, database);
        Map<String, String> refusals = cutovers.abort(Callers.name(security), name, database);
        int asked = database.isPresent() ? 1 : migration.databases().size();
        if (refusals.size() == asked) {
            throw Problem.conflict(ProblemCode.NOT_POSSIBLE_NOW, "There is nothing to abort", refusals);
        }
        return lifecycle.accepted(name);
    }

    @Operation(
            summary = "Rehearses the cutover of a pair: every step but the fence, and nothing that lasts",
            requestBody =
                    @RequestBody(
                            description = "How many times",
                            content = @Content(schema = @Schema(implementation = Bodies.RehearsalRequest.class))),
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.DatabaseView.class))))
    @POST
    @Path("/{migration}/databases/{database}/rehearse")
    public Response rehearse(
            @PathParam("migration") String name, @PathParam("database") String database, @Nullable JsonNode body) {
        DatabaseStatus status = lookup.database(name, database);
        int runs =
                body == null ? Bodies.RehearsalRequest.RUNS : body.path("runs").asInt(Bodies.RehearsalRequest.RUNS);
        if (runs < 1 || runs > Bodies.RehearsalRequest.MOST) {
            throw Problem.badRequest(
                    ProblemCode.WRONG_BODY, "runs must be 1 to " + Bodies.RehearsalRequest.MOST + ", not " + runs);
        }
        List<String> refusal =
                cutovers.rehearse(Callers.name(security), name, status.pair().source(), runs);
        if (!refusal.isEmpty()) {
            throw Problem.conflict(
                    ProblemCode.CUTOVER_NOT_READY,
                    "The cutover of " + name + "/" + database + " cannot be rehearsed: " + refusal.get(0),
                    refusal);
        }
        return Response.accepted(lookup.view(name, database)).build();
    }
}
