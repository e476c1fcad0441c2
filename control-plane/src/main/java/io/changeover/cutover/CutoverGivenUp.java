package io.changeover.cutover;

/** The cutover was not possible in its time; the source is writable again. The message says why. */
public final class CutoverGivenUp extends Exception {

    public CutoverGivenUp(String message) {
        super(message);
    }

    public CutoverGivenUp(String message, Throwable cause) {
        super(message, cause);
    }
}
