package io.changeover.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.ddl.DdlChange;
import io.changeover.ddl.DdlResult;
import io.changeover.ddl.DdlStatement;
import io.changeover.migration.DatabaseStatus;
import io.changeover.postgres.TableName;
import io.changeover.runner.ControlPlane;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tables of a pair that are defined otherwise on one side than on the other. */
@Path("/api/v1/migrations/{migration}/databases/{database}/ddl")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class DdlResource {

    /** A difference. */
    public record ChangeView(
            String kind,
            String table,
            String description,
            List<String> statements,
            boolean offered,
            boolean blocks,
            List<RecordedView> recorded) {}

    /** A statement of the source, where an event trigger records them. */
    public record RecordedView(Instant at, String role, String application, String tag, String statement) {}

    /** What became of one that was to be made. */
    public record ResultView(String table, boolean done, String description) {}

    private final ControlPlane controlPlane;
    private final Lookup lookup;

    /** Of the request at hand. */
    @Context
    private @Nullable SecurityContext security;

    DdlResource(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.lookup = new Lookup(controlPlane);
    }

    @Operation(summary = "Tables that are defined otherwise on one side than on the other")
    @GET
    public List<ChangeView> list(@PathParam("migration") String migration, @PathParam("database") String database)
            throws SQLException {
        DatabaseStatus status = lookup.database(migration, database);
        return controlPlane.ddl(migration, status.pair()).stream()
                .map(DdlResource::view)
                .toList();
    }

    @Operation(summary = "Makes on the target what is offered: all of it, or that of one table")
    @POST
    public List<ResultView> apply(
            @PathParam("migration") String migration, @PathParam("database") String database, JsonNode body)
            throws SQLException, InterruptedException {
        DatabaseStatus status = lookup.database(migration, database);
        Optional<String> named = Optional.ofNullable(body)
                .map(json -> json.path("table").asText(""))
                .filter(name -> !name.isEmpty());
        Optional<String> refusal = status.ddlRefusal();
        if (refusal.isPresent()) {
            throw Problem.conflict("Nothing is made on the target now: " + refusal.get(), List.of(refusal.get()));
        }
        Optional<TableName> table = Optional.empty();
        if (named.isPresent()) {
            table = controlPlane.ddl(migration, status.pair()).stream()
                    .map(DdlChange::table)
                    .filter(each -> each.toString().equals(named.get()))
                    .findFirst();
            if (table.isEmpty()) {
                throw Problem.notFound("Nothing is different about a table " + named.get());
            }
        }
        return controlPlane.applyDdl(Callers.name(security), migration, status.pair(), table).stream()
                .map(DdlResource::view)
                .toList();
    }

    private static ChangeView view(DdlChange change) {
        return new ChangeView(
                change.kind().name().toLowerCase(Locale.ROOT),
                change.table().toString(),
                change.words(),
                change.statements(),
                change.offered(),
                change.blocks(),
                change.recorded().stream().map(DdlResource::view).toList());
    }

    private static RecordedView view(DdlStatement recorded) {
        return new RecordedView(
                recorded.at(), recorded.role(), recorded.application(), recorded.tag(), recorded.text());
    }

    private static ResultView view(DdlResult result) {
        return new ResultView(result.table().toString(), result.done(), result.words());
    }
}
