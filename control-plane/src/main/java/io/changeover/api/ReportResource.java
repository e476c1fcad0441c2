package io.changeover.api;

import io.changeover.contract.Version;
import io.changeover.report.AuditReport;
import io.changeover.report.Form;
import io.changeover.runner.ControlPlane;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;

/** The report of a migration for an auditor, in the form that is accepted. */
@Path("/api/v1/migrations/{migration}/report")
public final class ReportResource {

    private final ControlPlane controlPlane;
    private final Lookup lookup;

    ReportResource(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.lookup = new Lookup(controlPlane);
    }

    @Operation(summary = "The report of a migration for an auditor")
    @GET
    @Produces("application/json; charset=utf-8")
    public String json(@PathParam("migration") String migration) {
        return write(migration, Form.JSON);
    }

    @Operation(summary = "The report of a migration for an auditor")
    @GET
    @Produces("text/markdown; charset=utf-8")
    public String markdown(@PathParam("migration") String migration) {
        return write(migration, Form.MARKDOWN);
    }

    @Operation(summary = "The report of a migration for an auditor")
    @GET
    @Produces("text/html; charset=utf-8")
    public Response html(@PathParam("migration") String migration) {
        return Response.ok(write(migration, Form.HTML))
                .header("Content-Security-Policy", Form.htmlPolicy())
                .build();
    }

    private String write(String migration, Form form) {
        return form.write(AuditReport.of(
                Version.current(),
                lookup.migration(migration),
                controlPlane.audit(migration),
                (status, way) -> controlPlane.verified(migration, status, way)));
    }
}
