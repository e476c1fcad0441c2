package io.changeover.api;

import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who asks, as the access filter has found out. */
final class Callers {

    private Callers() {}

    /** The caller's name, for the audit. */
    static String name(@Nullable SecurityContext security) {
        return Optional.ofNullable(security)
                .flatMap(context -> Optional.ofNullable(context.getUserPrincipal()))
                .map(Principal::getName)
                .orElseThrow(() -> new IllegalStateException("A request of nobody came through"));
    }
}
