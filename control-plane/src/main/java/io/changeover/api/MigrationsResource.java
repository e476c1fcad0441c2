package io.changeover.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.migration.AuditEntry;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.SchemaReport;
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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
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

    /** Makes a migration; it is started by {@link LifecycleResource#start}. */
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
            controlPlane.hookRefusal(spec).ifPresent(why -> {
                throw Problem.badRequest(ProblemCode.WRONG_BODY, why);
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
        Optional<String> refusal = controlPlane.limitLoad(Callers.name(security), name, status.pair(), limits.limits());
        if (refusal.isPresent()) {
            throw Problem.conflict(ProblemCode.LOAD_NOT_LIMITED, refusal.get(), List.of());
        }
        return Response.ok(limits.view()).build();
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
            throw Problem.conflict(
                    ProblemCode.CANNOT_BE_DELETED, "The migration " + name + " cannot be deleted", reasons);
        }
        return Response.noContent().build();
    }

    /** For the audit. */
    private String who() {
        return Callers.name(security);
    }
}
