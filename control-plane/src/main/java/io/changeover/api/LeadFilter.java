package io.changeover.api;

import io.changeover.runner.ControlPlane;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;

/**
 * Refuses whatever would change something when another control plane has taken over: what this one remembers is old, so
 * that "already so" and "not possible in this state" would be no answers either.
 */
record LeadFilter(ControlPlane controlPlane) implements ContainerRequestFilter {

    /** What anybody may be told who asks a control plane that does not lead. */
    static final String TAKEN_OVER = "Another control plane has taken over; this one changes nothing any more";

    @Override
    public void filter(ContainerRequestContext request) {
        boolean reads = switch (request.getMethod()) {
            case HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS -> true;
            default -> false;
        };
        if (!reads && !controlPlane.leads()) {
            request.abortWith(Problem.of(ProblemCode.NOT_AVAILABLE, "Service Unavailable", TAKEN_OVER)
                    .response());
        }
    }
}
