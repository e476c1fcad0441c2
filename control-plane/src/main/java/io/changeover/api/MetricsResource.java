package io.changeover.api;

import io.changeover.metrics.Scrapes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** What Prometheus scrapes, in its text format. */
@Path("/metrics")
public final class MetricsResource {

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Scrapes scrapes;

    MetricsResource(Scrapes scrapes) {
        this.scrapes = scrapes;
    }

    /** Of migrations, their database pairs, and this process. */
    @GET
    public Response pairs() {
        return Response.ok(scrapes.pairs(TEXT)).type(TEXT).build();
    }

    /** Of every table: a few series for each. */
    @GET
    @Path("/tables")
    public Response tables() {
        return Response.ok(scrapes.tables(TEXT)).type(TEXT).build();
    }
}
