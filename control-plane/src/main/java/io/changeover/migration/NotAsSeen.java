package io.changeover.migration;

/** What somebody wanted to change is not as they have seen it any more; nothing was changed. */
public final class NotAsSeen extends RuntimeException {

    /** Of this migration. */
    public NotAsSeen(String migration) {
        super("The migration " + migration
                + " has changed since: look at it again, and ask again if you still want to");
    }
}
