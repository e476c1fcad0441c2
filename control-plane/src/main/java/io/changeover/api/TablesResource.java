package io.changeover.api;

import io.changeover.lag.TableProgress;
import io.changeover.migration.DatabaseStatus;
import io.changeover.postgres.TableName;
import io.changeover.runner.ControlPlane;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of a database pair. */
@Path("/api/v1/migrations/{migration}/databases/{database}/tables")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class TablesResource {

    private final ControlPlane controlPlane;
    private final Lookup lookup;

    /** Of the request at hand. */
    @Context
    private @Nullable SecurityContext security;

    TablesResource(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.lookup = new Lookup(controlPlane);
    }

    /** A page of them, or all; a header names the next page. */
    @Operation(
            summary = "The tables of a pair, or a page of them; the header Link names the next",
            parameters = {
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "state",
                        description = "Only tables in these states, divided by commas",
                        schema = @Schema(type = "string")),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "q",
                        description = "Only tables with this in their name",
                        schema = @Schema(type = "string")),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "sort",
                        description = "The order, with - before it the largest first",
                        schema = @Schema(type = "string")),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "limit",
                        description = "At most so many",
                        schema = @Schema(type = "integer", minimum = "1", maximum = "10000")),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "cursor",
                        description = "Goes on after a page",
                        schema = @Schema(type = "string"))
            },
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "The tables",
                            content = {
                                @Content(
                                        mediaType = "application/json",
                                        array = @ArraySchema(schema = @Schema(implementation = Views.TableView.class))),
                                @Content(mediaType = "text/csv", schema = @Schema(type = "string"))
                            }))
    @GET
    public Response list(
            @PathParam("migration") String name, @PathParam("database") String database, @Context UriInfo uri) {
        TableQuery.Page page = page(name, database, uri);
        return answer(page, uri).entity(views(page)).build();
    }

    /** The same for a spreadsheet. */
    @Operation(hidden = true) // above
    @GET
    @Produces("text/csv;charset=utf-8;qs=0.5")
    public Response csv(
            @PathParam("migration") String name, @PathParam("database") String database, @Context UriInfo uri) {
        TableQuery.Page page = page(name, database, uri);
        return answer(page, uri).entity(Csv.tables(views(page))).build();
    }

    private TableQuery.Page page(String name, String database, UriInfo uri) {
        DatabaseStatus status = lookup.database(name, database);
        TableQuery query = TableQuery.parse(uri.getQueryParameters());
        return query.of(controlPlane.progress(name, status.pair()).tables());
    }

    private static List<Views.TableView> views(TableQuery.Page page) {
        return page.tables().stream().map(Views::table).toList();
    }

    private static Response.ResponseBuilder answer(TableQuery.Page page, UriInfo uri) {
        Response.ResponseBuilder answer = Response.ok();
        page.next().ifPresent(next -> {
            URI there = uri.getRequestUriBuilder()
                    .replaceQueryParam("cursor", next.text())
                    .build();
            answer.header("Link", "<" + there.getRawPath() + "?" + there.getRawQuery() + ">; rel=\"next\"");
        });
        return answer;
    }

    /** Loads a table again, or one that was made since the migration began, while the others are followed. */
    @Operation(
            summary = "Loads a table again",
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "What it has begun; Location names the operation",
                            content = @Content(schema = @Schema(implementation = Views.DatabaseView.class))))
    @POST
    @Path("/{table}/reload")
    public Response reload(
            @PathParam("migration") String name,
            @PathParam("database") String database,
            @PathParam("table") String table)
            throws SQLException {
        DatabaseStatus status = lookup.database(name, database);
        TableName found = find(table, controlPlane.progress(name, status.pair()).tables());
        Optional<String> refusal = controlPlane.requestReload(who(), name, status.pair(), found);
        if (refusal.isPresent()) {
            throw Problem.conflict(
                    ProblemCode.RELOAD_NOT_POSSIBLE,
                    "Table " + found + " cannot be loaded again now: " + refusal.get(),
                    List.of(refusal.get()));
        }
        return Response.accepted(lookup.view(name, database)).build();
    }

    /** One of the migration, or else the part before the first dot is its schema. */
    private static TableName find(String table, List<TableProgress> known) {
        Optional<TableName> found = known.stream()
                .map(TableProgress::table)
                .filter(each -> each.toString().equals(table))
                .findFirst();
        int dot = table.indexOf('.');
        if (found.isEmpty() && (dot < 1 || dot == table.length() - 1)) {
            throw Problem.badRequest(ProblemCode.WRONG_PARAMETER, "A table is named as SCHEMA.TABLE, not " + table);
        }
        return found.orElseGet(() -> new TableName(table.substring(0, dot), table.substring(dot + 1)));
    }

    /** For the audit. */
    private String who() {
        return Callers.name(security);
    }
}
