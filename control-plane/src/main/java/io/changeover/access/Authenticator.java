package io.changeover.access;

import java.util.Optional;

/** Knows callers by what they bring along. Safe for use by several threads. */
@FunctionalInterface
public interface Authenticator {

    /**
     * Who brings this token.
     *
     * @return empty if nobody whom it knows
     * @throws AuthenticationUnavailable if it cannot tell now
     */
    Optional<Caller> caller(String token);
}
