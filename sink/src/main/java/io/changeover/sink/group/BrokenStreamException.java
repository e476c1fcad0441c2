package io.changeover.sink.group;

/**
 * The topic is not what its capture wrote: something is missing, or it is another topic. Nothing of what is wrong was
 * applied, and nothing that comes after it may be.
 */
public final class BrokenStreamException extends IllegalStateException {

    /** What to do; nothing on the target can make up for what is not in the topic. */
    private static final String ANEW =
            ". Migrate this database again, under another migration name and into an empty target";

    /** What is wrong. */
    public enum Kind {
        /** A transaction does not follow the last one that is known. */
        TRANSACTIONS_MISSING("CO-2020"),
        /** Something new lies where the target has applied everything. */
        OTHER_TOPIC("CO-2021"),
        /** A transaction is not whole, or something lies between two. */
        TRANSACTION_BROKEN("CO-2022");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        /** As in docs/errors.md. */
        public String code() {
            return code;
        }
    }

    private final Kind kind;

    BrokenStreamException(Kind kind, String message) {
        super(message + ANEW);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
