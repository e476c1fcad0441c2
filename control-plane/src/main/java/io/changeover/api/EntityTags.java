package io.changeover.api;

import io.changeover.migration.Migration;
import io.changeover.migration.Revision;
import io.changeover.runner.ControlPlane;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives migrations and pairs an {@code ETag}, their revision, and does what a request wants only if they are as it has
 * seen them ({@code If-Match}), are not there ({@code If-None-Match: *}), or have changed (the same with a tag).
 */
final class EntityTags implements ContainerRequestFilter, ContainerResponseFilter {

    private static final String ANY = "*";

    private final ControlPlane controlPlane;

    EntityTags(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        controlPlane.expectAny(); // of the request before
        Optional<String> migration =
                Optional.ofNullable(request.getUriInfo().getPathParameters().getFirst("migration"));
        if (migration.isEmpty() || isRead(request)) {
            return;
        }
        Optional<String> database =
                Optional.ofNullable(request.getUriInfo().getPathParameters().getFirst("database"));
        Optional<Migration> found = controlPlane.migration(migration.get());
        tags(request, HttpHeaders.IF_MATCH).ifPresent(tags -> {
            if (found.isEmpty() || !matches(tags, found.get(), database)) {
                request.abortWith(Problem.of(
                                ProblemCode.CHANGED_SINCE,
                                "Precondition failed",
                                migration.get() + " is not as If-Match says: look at it again, and ask again if you"
                                        + " still want to")
                        .response());
                return;
            }
            controlPlane.expect(before -> matches(tags, before, database));
        });
        if (found.isPresent()
                && tags(request, HttpHeaders.IF_NONE_MATCH)
                        .filter(tags -> tags.contains(ANY))
                        .isPresent()) {
            request.abortWith(Problem.of(
                            ProblemCode.CHANGED_SINCE,
                            "Precondition failed",
                            "There is a migration " + migration.get() + " already, which If-None-Match: * rules out")
                    .response());
        }
    }

    private static boolean matches(List<String> tags, Migration migration, Optional<String> database) {
        if (tags.contains(ANY)) {
            return true;
        }
        Optional<Revision> revision = database.isEmpty()
                ? Optional.of(Revision.of(migration))
                : migration.database(database.get()).map(Revision::of);
        return revision.filter(found -> tags.contains(tag(found.text()))).isPresent();
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        controlPlane.expectAny();
        revision(response.getEntity())
                .filter(text -> response.getStatus() < 300)
                .ifPresent(text -> {
                    response.getHeaders().putSingle(HttpHeaders.ETAG, tag(text));
                    boolean same = isRead(request)
                            && response.getEntity() instanceof Views.MigrationView
                            && tags(request, HttpHeaders.IF_NONE_MATCH)
                                    .filter(tags -> tags.contains(ANY) || tags.contains(tag(text)))
                                    .isPresent();
                    if (same) {
                        response.setStatus(304);
                        response.setEntity(null);
                    }
                });
    }

    private static Optional<String> revision(@Nullable Object entity) {
        if (entity instanceof Views.MigrationView migration) {
            return Optional.of(migration.revision());
        }
        return entity instanceof Views.DatabaseView pair ? Optional.of(pair.revision()) : Optional.empty();
    }

    private static boolean isRead(ContainerRequestContext request) {
        return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    }

    private static String tag(String revision) {
        return '"' + revision + '"';
    }

    /** A weak tag is none: what is the same by and large is not what somebody has seen. */
    private static Optional<List<String>> tags(ContainerRequestContext request, String header) {
        return Optional.ofNullable(request.getHeaderString(header))
                .map(text ->
                        Arrays.stream(text.split(",", -1)).map(String::strip).toList());
    }
}
