package io.changeover.store;

/**
 * What every control plane writes when it opens the store, under a key that no migration can have.
 *
 * @param epoch milliseconds since 1970, or one more than that of the one before, whichever is later: so it grows also
 *     where the topic was lost and made anew
 * @param controlPlane process and host, for people
 */
record LeaderRecord(long epoch, String controlPlane) {

    static final String KEY = "*leader*";

    /** Of whoever opens the store now. */
    static LeaderRecord next(long before, long millis, String controlPlane) {
        return new LeaderRecord(Math.max(before + 1, millis), controlPlane);
    }
}
