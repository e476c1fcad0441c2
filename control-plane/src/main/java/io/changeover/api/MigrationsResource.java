package io.changeover.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.migration.AuditEntry;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Migration;
import io.changeover.migration.SchemaReport;
import io.changeover.migration.Wish;
import io.changeover.runner.ControlPlane;
import io.changeover.spec.InvalidMigrationFile;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.MigrationSpecJson;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Migrations, their database pairs and tables. Adapts HTTP; what happens is {@link ControlPlane}'s. */
@Path("/api/v1/migrations")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class MigrationsResource {

    private final ControlPlane controlPlane;
    private final Lookup lookup;

    /** Of the request at hand. */
    @Context
    private @Nullable SecurityContext security;

    MigrationsResource(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.lookup = new Lookup(controlPlane);
    }

    @Operation(summary = "All migrations")
    @GET
    public List<Views.MigrationView> list() {
        return controlPlane.migrations().stream().map(Views::migration).toList();
    }

    /** Makes a migration; it is started by {@link #start}. */
    @Operation(
            summary = "Makes a migration",
            requestBody =
                    @RequestBody(
                            required = true,
                            description = "The keys of the migration file, with name in place of metadata",
                            content = @Content(mediaType = "application/json", schema = @Schema(type = "object"))),
            responses =
                    @ApiResponse(
                            responseCode = "201",
                            description = "It is made",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @POST
    public Response create(String body) {
        MigrationSpec spec = parse(body);
        if (!controlPlane.create(who(), spec)) {
            throw Problem.conflict(
                    ProblemCode.NAME_TAKEN, "There is a migration " + spec.name() + " already", List.of());
        }
        return Response.created(URI.create("/api/v1/migrations/" + spec.name()))
                .entity(Views.migration(lookup.migration(spec.name())))
                .build();
    }

    private MigrationSpec parse(String body) {
        try {
            MigrationSpec spec = MigrationSpecJson.parse(body);
            if (spec.source().passwordIsLiteral() || spec.target().passwordIsLiteral()) {
                throw Problem.badRequest(
                        ProblemCode.WRONG_BODY,
                        "A password must be a reference such as ${env:NAME} or ${file:/path:key}");
            }
            controlPlane.secretRefusal(spec).ifPresent(why -> {
                throw Problem.badRequest(ProblemCode.WRONG_BODY, "A password may not be there: " + why);
            });
            return spec;
        } catch (InvalidMigrationFile e) {
            throw Problem.badRequest(ProblemCode.WRONG_BODY, String.valueOf(e.getMessage()));
        }
    }

    @Operation(summary = "A migration")
    @GET
    @Path("/{migration}")
    public Views.MigrationView show(@PathParam("migration") String name) {
        return Views.migration(lookup.migration(name));
    }

    /** Makes a migration, or changes how it cuts over and where its passwords are. */
    @Operation(
            summary = "Makes a migration, or changes what may be changed of it",
            requestBody =
                    @RequestBody(
                            required = true,
                            description = "The keys of the migration file, with name in place of metadata",
                            content = @Content(mediaType = "application/json", schema = @Schema(type = "object"))),
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description =
                                    "It is as the body has it; 201 if it was made; with dryRun=true what would be different",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @PUT
    @Path("/{migration}")
    public Response put(
            @PathParam("migration") String name,
            @QueryParam("dryRun") @DefaultValue("false") String dryRun,
            String body) {
        MigrationSpec spec = parse(body);
        if (!spec.name().equals(name)) {
            throw Problem.badRequest(
                    ProblemCode.WRONG_BODY, "The body is the migration " + spec.name() + ", not " + name);
        }
        if (isTrue("dryRun", dryRun)) {
            return Response.ok(difference(spec)).build();
        }
        if (controlPlane.create(who(), spec)) {
            return Response.created(URI.create("/api/v1/migrations/" + name))
                    .entity(Views.migration(lookup.migration(name)))
                    .build();
        }
        try {
            controlPlane.change(who(), spec);
        } catch (IllegalArgumentException e) {
            throw Problem.conflict(ProblemCode.CANNOT_BE_CHANGED, String.valueOf(e.getMessage()), List.of());
        }
        return Response.ok(Views.migration(lookup.migration(name))).build();
    }

    private Views.DifferenceView difference(MigrationSpec spec) {
        try {
            return Views.difference(controlPlane.migration(spec.name()), controlPlane.planned(spec));
        } catch (IllegalArgumentException e) {
            throw Problem.conflict(ProblemCode.CANNOT_BE_CHANGED, String.valueOf(e.getMessage()), List.of());
        }
    }

    private static boolean isTrue(String name, String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw Problem.badRequest(ProblemCode.WRONG_PARAMETER, name + " must be true or false, not " + value);
        }
        return value.equals("true");
    }

    /** What was done about it, and by whom, the oldest first; also after it was deleted. */
    @Operation(summary = "What was done about a migration, and by whom")
    @GET
    @Path("/{migration}/audit")
    public List<AuditEntry> audit(@PathParam("migration") String name) {
        List<AuditEntry> entries = controlPlane.audit(name);
        if (entries.isEmpty()) {
            lookup.migration(name);
        }
        return entries;
    }

    /** Starts a migration, or goes on with what failed of it. */
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
        lookup.migration(name);
        controlPlane.start(who(), name);
        return Response.accepted(Views.migration(lookup.migration(name))).build();
    }

    @Operation(
            summary = "Starts a pair",
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @PUT
    @Path("/{migration}/databases/{database}/start")
    public Response start(@PathParam("migration") String name, @PathParam("database") String database) {
        lookup.database(name, database);
        controlPlane.start(who(), name, Optional.of(database));
        return Response.accepted(Views.migration(lookup.migration(name))).build();
    }

    @Operation(summary = "A pair with its numbers")
    @GET
    @Path("/{migration}/databases/{database}")
    public Views.DatabaseView database(@PathParam("migration") String name, @PathParam("database") String database) {
        return lookup.view(name, database);
    }

    @Operation(summary = "What the copy of the structure made of roles and rights, and what it left out")
    @GET
    @Path("/{migration}/databases/{database}/schema-report")
    public SchemaReport schemaReport(@PathParam("migration") String name, @PathParam("database") String database)
            throws SQLException {
        DatabaseStatus status = lookup.database(name, database);
        return controlPlane
                .schemaReport(name, status.pair())
                .orElseThrow(() -> Problem.notFound("There is no report of the structure of " + name + "/" + database
                        + ": it is written when the structure is copied ('schema: copy'), and removed by finish"));
    }

    /** Limits what the load takes of the source; what is left out has no limit. */
    @Operation(
            summary = "Limits what the load takes of the source",
            requestBody =
                    @RequestBody(
                            required = true,
                            description = "What is left out has no limit",
                            content = @Content(schema = @Schema(implementation = Bodies.Limits.class))),
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "The limits from now on",
                            content = @Content(schema = @Schema(implementation = Bodies.Limits.class))))
    @PUT
    @Path("/{migration}/databases/{database}/load")
    public Response limitLoad(
            @PathParam("migration") String name, @PathParam("database") String database, JsonNode body)
            throws SQLException {
        DatabaseStatus status = lookup.database(name, database);
        LoadLimits limits = LoadLimits.parse(body);
        Optional<String> refusal = controlPlane.limitLoad(name, status.pair(), limits.limits());
        if (refusal.isPresent()) {
            throw Problem.conflict(ProblemCode.LOAD_NOT_LIMITED, refusal.get(), List.of());
        }
        return Response.ok(limits.view()).build();
    }

    /** Starts the cutover of a pair that is ready for it. */
    @Operation(
            summary = "Begins the cutover of a pair",
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
    @Path("/{migration}/databases/{database}/cutover")
    public Response cutover(
            @PathParam("migration") String name, @PathParam("database") String database, JsonNode body) {
        DatabaseStatus status = lookup.database(name, database);
        String confirm = body == null ? "" : body.path("confirm").asText();
        String wanted = name + "/" + database;
        if (!confirm.equals(wanted)) {
            throw Problem.badRequest(
                    ProblemCode.NOT_CONFIRMED, "To confirm the cutover, send {\"confirm\":\"" + wanted + "\"}");
        }
        List<String> blockers = controlPlane.requestCutover(who(), name, status.pair());
        if (!blockers.isEmpty()) {
            throw Problem.conflict(
                    ProblemCode.CUTOVER_NOT_READY,
                    "The cutover of " + wanted + " cannot begin: " + String.join("; ", blockers),
                    blockers);
        }
        return Response.accepted(database(name, database)).build();
    }

    /** Writes nothing more to the target; the capture goes on. */
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
        return wish(name, Optional.empty(), Wish.PAUSE);
    }

    /** Stops the capture, too. */
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
        return wish(name, Optional.empty(), Wish.STOP);
    }

    /** Goes on with what was paused or stopped. */
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
        return wish(name, Optional.empty(), Wish.RESUME);
    }

    @Operation(
            summary = "Writes nothing more to the target",
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @PUT
    @Path("/{migration}/databases/{database}/pause")
    public Response pause(@PathParam("migration") String name, @PathParam("database") String database) {
        return wish(name, Optional.of(database), Wish.PAUSE);
    }

    @Operation(
            summary = "Stops the capture, too",
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @PUT
    @Path("/{migration}/databases/{database}/stop")
    public Response stop(@PathParam("migration") String name, @PathParam("database") String database) {
        return wish(name, Optional.of(database), Wish.STOP);
    }

    @Operation(
            summary = "Goes on with a pair",
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @PUT
    @Path("/{migration}/databases/{database}/resume")
    public Response resume(@PathParam("migration") String name, @PathParam("database") String database) {
        return wish(name, Optional.of(database), Wish.RESUME);
    }

    /** Gives up what is not cut over yet, and removes what was made for it. */
    @Operation(
            summary = "Gives up what is not cut over yet",
            requestBody =
                    @RequestBody(
                            required = true,
                            description = "The name once more",
                            content = @Content(schema = @Schema(implementation = Bodies.Confirmation.class))),
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @POST
    @Path("/{migration}/cancel")
    public Response cancel(@PathParam("migration") String name, JsonNode body) {
        requireConfirmed(body, name, "cancel");
        return wish(name, Optional.empty(), Wish.CANCEL);
    }

    @Operation(
            summary = "Gives a pair up",
            requestBody =
                    @RequestBody(
                            required = true,
                            description = "The name once more",
                            content = @Content(schema = @Schema(implementation = Bodies.Confirmation.class))),
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @POST
    @Path("/{migration}/databases/{database}/cancel")
    public Response cancel(@PathParam("migration") String name, @PathParam("database") String database, JsonNode body) {
        requireConfirmed(body, name + "/" + database, "cancel");
        return wish(name, Optional.of(database), Wish.CANCEL);
    }

    /** Removes what completed pairs have left. */
    @Operation(
            summary = "Removes what completed pairs have left",
            requestBody =
                    @RequestBody(
                            required = true,
                            description = "The name once more",
                            content = @Content(schema = @Schema(implementation = Bodies.Confirmation.class))),
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @POST
    @Path("/{migration}/finish")
    public Response finish(@PathParam("migration") String name, JsonNode body) {
        requireConfirmed(body, name, "finish");
        return wish(name, Optional.empty(), Wish.FINISH);
    }

    @Operation(
            summary = "Removes what a completed pair has left",
            requestBody =
                    @RequestBody(
                            required = true,
                            description = "The name once more",
                            content = @Content(schema = @Schema(implementation = Bodies.Confirmation.class))),
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.MigrationView.class))))
    @POST
    @Path("/{migration}/databases/{database}/finish")
    public Response finish(@PathParam("migration") String name, @PathParam("database") String database, JsonNode body) {
        requireConfirmed(body, name + "/" + database, "finish");
        return wish(name, Optional.of(database), Wish.FINISH);
    }

    /** Forgets a migration of which nothing is left. */
    @Operation(
            summary = "Forgets a migration of which nothing is left",
            responses = @ApiResponse(responseCode = "204", description = "It is forgotten"))
    @DELETE
    @Path("/{migration}")
    public Response delete(@PathParam("migration") String name) {
        lookup.migration(name);
        Map<String, String> reasons = controlPlane.delete(who(), name);
        if (!reasons.isEmpty()) {
            throw refused(ProblemCode.CANNOT_BE_DELETED, "The migration " + name + " cannot be deleted", reasons);
        }
        return Response.noContent().build();
    }

    private static void requireConfirmed(JsonNode body, String wanted, String what) {
        if (body == null || !body.path("confirm").asText().equals(wanted)) {
            throw Problem.badRequest(
                    ProblemCode.NOT_CONFIRMED,
                    "To confirm that you want to " + what + " it, send {\"confirm\":\"" + wanted + "\"}");
        }
    }

    /** Of all pairs, those that can have it get it. */
    private Response wish(String name, Optional<String> database, Wish wish) {
        Migration migration = lookup.migration(name);
        database.ifPresent(source -> lookup.database(migration, source));
        Map<String, String> refusals = controlPlane.request(who(), name, database, wish);
        boolean allRefused = database.isPresent()
                ? !refusals.isEmpty()
                : refusals.size() == migration.databases().size();
        if (allRefused) {
            throw refused(
                    ProblemCode.NOT_POSSIBLE_NOW,
                    "Not possible now: " + wish.name().toLowerCase(Locale.ROOT) + " " + name,
                    refusals);
        }
        return Response.accepted(Views.migration(lookup.migration(name))).build();
    }

    private static WebApplicationException refused(ProblemCode code, String what, Map<String, String> reasons) {
        List<String> blockers = reasons.entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue())
                .toList();
        return Problem.conflict(code, what + ": " + String.join("; ", blockers), blockers);
    }

    /** For the audit. */
    private String who() {
        return Callers.name(security);
    }
}
