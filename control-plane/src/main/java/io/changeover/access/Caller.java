package io.changeover.access;

import java.security.Principal;

/**
 * Who asks.
 *
 * @param name what the audit calls him
 * @param role what he may do
 */
public record Caller(String name, Role role) implements Principal {

    /** Whoever asks where nobody has to say who he is. */
    public static final Caller ANYBODY = new Caller("operator", Role.APPROVER);

    @Override
    public String getName() {
        return name;
    }
}
