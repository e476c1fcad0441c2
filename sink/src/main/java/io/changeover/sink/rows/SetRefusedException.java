package io.changeover.sink.rows;

/** The target did not take many rows at once; one by one it may, or says which one it does not take. */
final class SetRefusedException extends Exception {

    private static final long serialVersionUID = 1;

    SetRefusedException(String reason) {
        super(reason);
    }
}
