package io.changeover.api;

import io.changeover.contract.Version;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/** Whether the control plane is there. It answers only after it has read its state, so that live is ready. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {

    private final String connectUrl;

    HealthResource(String connectUrl) {
        this.connectUrl = connectUrl;
    }

    @GET
    public Map<String, Object> about() {
        return Map.of("version", Version.current(), "connect", Map.of("url", connectUrl));
    }

    @GET
    @Path("/health")
    public Map<String, String> health() {
        return Map.of("status", "UP");
    }

    @GET
    @Path("/health/live")
    public Map<String, String> live() {
        return health();
    }

    @GET
    @Path("/health/ready")
    public Map<String, String> ready() {
        return health();
    }
}
