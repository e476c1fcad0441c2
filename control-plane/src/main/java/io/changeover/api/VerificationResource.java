package io.changeover.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.migration.DatabaseStatus;
import io.changeover.postgres.TableName;
import io.changeover.runner.ControlPlane;
import io.changeover.runner.VerificationLook;
import io.changeover.verify.live.TableVerification;
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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The verification of a pair while changes flow. */
@Path("/api/v1/migrations/{migration}/databases/{database}/verification")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class VerificationResource {

    private static final String END = "\r\n";

    /** A row that differs. */
    public record MismatchView(String key, String kind) {}

    /** A table. */
    public record TableView(
            String table,
            String state,
            long rows,
            long parts,
            Optional<String> lsn,
            Optional<Instant> at,
            long open,
            List<MismatchView> mismatches,
            Optional<String> note,
            Optional<EarlierView> earlier) {}

    /** What was found of a table before it had to be compared anew. */
    public record EarlierView(String state, long rows, Optional<String> lsn, Optional<Instant> at) {}

    /** All of it. */
    public record VerificationView(
            boolean underWay,
            Optional<Instant> began,
            Optional<Instant> ended,
            Optional<String> askedBy,
            List<String> problems,
            List<TableView> tables) {}

    private final ControlPlane controlPlane;
    private final Lookup lookup;

    /** Of the request at hand. */
    @Context
    private @Nullable SecurityContext security;

    VerificationResource(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.lookup = new Lookup(controlPlane);
    }

    @Operation(summary = "What the verification found, table by table; as text/csv the tables alone")
    @GET
    public VerificationView get(@PathParam("migration") String migration, @PathParam("database") String database) {
        DatabaseStatus status = lookup.database(migration, database);
        VerificationLook look = controlPlane.verificationLook(migration, status);
        return new VerificationView(
                look.underWay(),
                look.run().began(),
                look.run().ended(),
                look.run().began().map(begun -> look.run().who()),
                look.problems(),
                look.tables().stream().map(VerificationResource::view).toList());
    }

    @Operation(hidden = true)
    @GET
    @Produces("text/csv;charset=utf-8;qs=0.5")
    public String csv(@PathParam("migration") String migration, @PathParam("database") String database) {
        return get(migration, database).tables().stream()
                .map(VerificationResource::line)
                .collect(Collectors.joining("", "table,state,rows,parts,lsn,at,open,mismatches,note" + END, ""));
    }

    @Operation(summary = "Has all tables compared anew, or one")
    @POST
    public VerificationView verify(
            @PathParam("migration") String migration, @PathParam("database") String database, JsonNode body) {
        DatabaseStatus status = lookup.database(migration, database);
        Optional<TableName> table = Optional.ofNullable(body)
                .map(json -> json.path("table").asText(""))
                .filter(name -> !name.isEmpty())
                .map(VerificationResource::table);
        controlPlane
                .requestVerification(Callers.name(security), migration, status.pair(), table)
                .ifPresent(refusal -> {
                    throw Problem.conflict("Nothing can be verified now: " + refusal, List.of(refusal));
                });
        return get(migration, database);
    }

    private static TableName table(String name) {
        int dot = name.indexOf('.');
        if (dot <= 0 || dot == name.length() - 1) {
            throw Problem.notFound("A table is named schema.table, which " + name + " is not");
        }
        return new TableName(name.substring(0, dot), name.substring(dot + 1));
    }

    private static TableView view(TableVerification table) {
        return new TableView(
                table.table().toString(),
                table.state().name(),
                table.rows(),
                table.parts(),
                table.lsn(),
                table.at(),
                table.open(),
                table.mismatches().stream()
                        .map(each -> new MismatchView(each.key(), each.kind().name()))
                        .toList(),
                table.note(),
                table.earlier()
                        .map(found -> new EarlierView(found.state().name(), found.rows(), found.lsn(), found.at())));
    }

    private static String line(TableView table) {
        return String.join(
                        ",",
                        Csv.text(table.table()),
                        table.state(),
                        Long.toString(table.rows()),
                        Long.toString(table.parts()),
                        table.lsn().orElse(""),
                        table.at().map(Instant::toString).orElse(""),
                        Long.toString(table.open()),
                        Integer.toString(table.mismatches().size()),
                        Csv.text(table.note().orElse("")))
                + END;
    }
}
