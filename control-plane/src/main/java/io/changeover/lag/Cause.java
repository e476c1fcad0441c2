package io.changeover.lag;

import java.util.Locale;

/**
 * Why pending changes do not become fewer.
 *
 * @param kind stable word for scripts
 * @param message what is so and what helps, for people; never a row's value
 */
public record Cause(Kind kind, String message) {

    /** In the order in which they are told: what stops everything comes first. */
    public enum Kind {
        /** A person has paused or stopped the pair. */
        PAUSED,
        /** A connector or one of its tasks has failed, or Connect does not answer. */
        CONNECTOR,
        /** A change cannot be applied. */
        QUARANTINE,
        /** The target takes no writes. */
        TARGET_READ_ONLY,
        /** Nobody reads the slot. */
        NO_CAPTURE,
        /** The sink waits for a lock that a session of the target holds. */
        LOCK_WAIT,
        /** A transaction of the source has been open for long. */
        LONG_TRANSACTION,
        /** The source waits to send. */
        SOURCE_NETWORK,
        /** The target waits to be sent to. */
        TARGET_NETWORK,
        /** Most of what is pending is of one table. */
        HOT_TABLE,
        /** More is written on the source than the target takes. */
        TARGET_SLOWER;

        /** As REST has it: {@code lock_wait}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
