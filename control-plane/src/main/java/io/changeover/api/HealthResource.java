package io.changeover.api;

import io.changeover.contract.Version;
import io.changeover.runner.ControlPlane;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;

/** Whether the control plane is there. It answers only after it has read its state. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {

    private final ControlPlane controlPlane;

    HealthResource(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    @Operation(summary = "Version, and where Kafka Connect is")
    @GET
    public Map<String, Object> about() {
        return Map.of("version", Version.current(), "connect", Map.of("url", controlPlane.connectUrl()));
    }

    @Operation(summary = "Whether it answers")
    @GET
    @Path("/health")
    public Map<String, String> health() {
        return Map.of("status", "UP");
    }

    @Operation(summary = "Whether it answers")
    @GET
    @Path("/health/live")
    public Map<String, String> live() {
        return health();
    }

    @Operation(
            summary = "Whether it leads and can store what is asked of it",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "It does",
                            content = @Content(schema = @Schema(type = "object"))))
    @GET
    @Path("/health/ready")
    public Response ready() {
        if (!controlPlane.leads()) {
            return notReady(LeadFilter.TAKEN_OVER);
        }
        return controlPlane.reachesKafka()
                ? Response.ok(health()).build()
                : notReady("Kafka does not answer, so nothing can be stored; data flows on as far as Connect runs");
    }

    private static Response notReady(String why) {
        return new Problem("Not ready", 503, why, Optional.empty()).response();
    }
}
