package io.changeover.hook;

/**
 * What came of a hook.
 *
 * @param what in a few words: {@code exit code 3}, {@code status 204}, {@code ended after 10000 ms}
 * @param output the beginning of what it has written or answered
 */
public record HookResult(End end, String what, String output) {

    /** How it ended. */
    public enum End {
        /** As it is to. */
        DONE,
        /** With another exit code than 0, or another status than 2xx, or it could not be begun. */
        FAILED,
        /** It was ended, because its time was over. */
        TIMED_OUT,
        /** It was ended, because the cutover was over. */
        CANCELLED
    }
}
