package io.changeover.sink.apply;

/**
 * Changes could not be written as sets of rows. Written one by one in the source's order, they either can be, or the
 * error says which one cannot. The target transaction has failed, or is about to be undone.
 */
final class SetRefusedException extends Exception {

    private static final long serialVersionUID = 1;

    SetRefusedException(String reason) {
        super(reason);
    }

    SetRefusedException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
