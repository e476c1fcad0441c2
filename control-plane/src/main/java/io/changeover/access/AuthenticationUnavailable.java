package io.changeover.access;

/** Nobody can be let in, because what says who may cannot be read. The message is for the log of the control plane. */
public final class AuthenticationUnavailable extends RuntimeException {

    public AuthenticationUnavailable(String message) {
        super(message);
    }

    public AuthenticationUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
