package io.changeover.spec;

/**
 * Whether there is a way back after the cutover.
 *
 * @param enabled whether changes of the target are applied to the old source from the cutover on
 */
public record FallbackSpec(boolean enabled) {

    /** The cutover is final. */
    public static final FallbackSpec NONE = new FallbackSpec(false);
}
