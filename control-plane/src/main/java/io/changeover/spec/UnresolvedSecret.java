package io.changeover.spec;

/** A password's reference that leads nowhere. The message names the reference, never a value. */
public final class UnresolvedSecret extends RuntimeException {

    private final String reason;

    UnresolvedSecret(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Why, in a sentence that an operator can act on. */
    public String reason() {
        return reason;
    }
}
