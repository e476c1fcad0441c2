package io.changeover.runner;

/** A step that cannot succeed by being tried again. The message says what happened and what to do. */
final class StepFailed extends Exception {

    StepFailed(String message) {
        super(message);
    }

    StepFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
