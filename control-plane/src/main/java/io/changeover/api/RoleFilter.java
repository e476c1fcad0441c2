package io.changeover.api;

import io.changeover.access.Caller;
import io.changeover.access.Permissions;
import io.changeover.access.Role;
import io.changeover.access.Route;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers a route only to those whose role is the one that it needs. */
final class RoleFilter implements ContainerRequestFilter {

    @Context
    private @Nullable ResourceInfo matched;

    @Override
    public void filter(ContainerRequestContext request) {
        Optional<Route> route = Optional.ofNullable(matched)
                .flatMap(info -> Optional.ofNullable(info.getResourceMethod()))
                .flatMap(RoleFilter::route);
        if (Permissions.isOpen(request.getMethod(), "/" + request.getUriInfo().getPath())) {
            return;
        }
        // without a route it is Jersey's own answer to OPTIONS, which tells no more than the documentation
        Optional<Role> needed = route.isEmpty() ? Optional.of(Role.VIEWER) : Permissions.needed(route.get());
        Principal principal = request.getSecurityContext().getUserPrincipal();
        Optional<Role> role = principal instanceof Caller caller ? Optional.of(caller.role()) : Optional.empty();
        if (needed.isEmpty() || role.filter(has -> has.covers(needed.get())).isEmpty()) {
            request.abortWith(
                    new Problem("Forbidden", 403, reason(principal, role, needed), Optional.empty()).response());
        }
    }

    private static String reason(@Nullable Principal principal, Optional<Role> role, Optional<Role> needed) {
        String name = principal == null ? "nobody" : principal.getName();
        String need = needed.map(Role::word).orElse("one that nobody has");
        return "This needs the role " + need + "; " + name + " has the role "
                + role.map(Role::word).orElse("none");
    }

    /** The route that a method answers; empty if it is none of ours. */
    static Optional<Route> route(Method method) {
        return Arrays.stream(method.getAnnotations())
                .flatMap(annotation ->
                        Optional.ofNullable(annotation.annotationType().getAnnotation(HttpMethod.class)).stream())
                .map(HttpMethod::value)
                .findFirst()
                .map(verb -> new Route(
                        verb,
                        path(method.getDeclaringClass().getAnnotation(Path.class))
                                + path(method.getAnnotation(Path.class))));
    }

    private static String path(@Nullable Path path) {
        return path == null || path.value().isEmpty() ? "" : "/" + path.value().replaceAll("^/+|/+$", "");
    }
}
