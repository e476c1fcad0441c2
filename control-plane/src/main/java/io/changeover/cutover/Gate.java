package io.changeover.cutover;

/**
 * Something that has to hold for a cutover to begin, as it is now.
 *
 * @param name the same for ever, for programs
 * @param ok whether it holds
 * @param value as it is, in words
 * @param threshold as it has to be, in words
 * @param blocker what stands in the way and what to do, a sentence; empty text if it holds
 */
public record Gate(String name, boolean ok, String value, String threshold, String blocker) {

    /** One of them. */
    public static Gate of(String name, String value, String threshold, boolean ok, String blocker) {
        return new Gate(name, ok, value, threshold, ok ? "" : blocker);
    }
}
