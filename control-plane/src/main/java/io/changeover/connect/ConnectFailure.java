package io.changeover.connect;

/** Connect answered with an error, or not at all. */
public final class ConnectFailure extends RuntimeException {

    private final boolean temporary;

    ConnectFailure(String message, boolean temporary, Throwable cause) {
        super(message, cause);
        this.temporary = temporary;
    }

    ConnectFailure(String message, boolean temporary) {
        super(message);
        this.temporary = temporary;
    }

    /** A request that was not sent, because nobody gave leave. */
    public static ConnectFailure withoutLeave(boolean temporary, Exception why) {
        return new ConnectFailure(String.valueOf(why.getMessage()), temporary, why);
    }

    /** Whether the same request may succeed later: no answer, a rebalance, a server error. */
    public boolean isTemporary() {
        return temporary;
    }
}
