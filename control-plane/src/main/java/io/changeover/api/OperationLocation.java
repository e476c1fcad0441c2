package io.changeover.api;

import io.changeover.runner.ControlPlane;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;

/**
 * Says in an answer 202 where the operation can be followed that it began, or that an earlier request of the same kind
 * began, if there was nothing left to begin.
 */
final class OperationLocation implements ContainerResponseFilter {

    private final ControlPlane controlPlane;

    OperationLocation(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        MultivaluedMap<String, String> names = request.getUriInfo().getPathParameters();
        Optional<String> migration = Optional.ofNullable(names.getFirst("migration"));
        boolean told = response.getHeaders().containsKey(HttpHeaders.LOCATION); // an answer given again
        if (response.getStatus() != 202 || migration.isEmpty() || told) {
            return;
        }
        String path = request.getUriInfo().getPath();
        String verb = path.substring(path.lastIndexOf('/') + 1);
        String what = Optional.ofNullable(names.getFirst("table"))
                .map(table -> verb + " " + table)
                .orElse(verb);
        controlPlane
                .lastRequest(migration.get(), Optional.ofNullable(names.getFirst("database")), what)
                .ifPresent(id -> response.getHeaders().putSingle(HttpHeaders.LOCATION, "/api/v1/operations/" + id));
    }
}
