package io.changeover.api;

import io.changeover.runner.ControlPlane;
import io.changeover.spec.UnresolvedSecret;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The preflight of a migration, by itself. */
@Path("/api/v1/migrations/{migration}/preflight")
@Produces(MediaType.APPLICATION_JSON)
public final class PreflightResource {

    private final ControlPlane controlPlane;

    PreflightResource(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    /** Looks now, and answers when it has looked. */
    @POST
    public PreflightView run(@PathParam("migration") String name) {
        requireMigration(name);
        try {
            return PreflightView.of(controlPlane.preflight(name));
        } catch (UnresolvedSecret e) {
            throw Problem.badRequest("A password cannot be found: " + e.reason());
        }
    }

    /** What was found the last time. */
    @GET
    public PreflightView last(@PathParam("migration") String name) {
        requireMigration(name);
        return controlPlane
                .lastPreflight(name)
                .map(PreflightView::of)
                .orElseThrow(() -> Problem.notFound(
                        "There was no preflight of " + name + " since this control plane was started: POST makes one"));
    }

    private void requireMigration(String name) {
        if (controlPlane.migration(name).isEmpty()) {
            throw Problem.notFound("There is no migration " + name);
        }
    }
}
