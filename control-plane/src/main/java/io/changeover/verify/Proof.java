package io.changeover.verify;

/**
 * What a look at a foreign key's rows has found.
 *
 * @param violations rows of the target that violate it
 * @param sourceViolations rows of the source that do; asked only if there are some on the target
 * @param lasting whether the source has the same key and enforces it
 * @param milliseconds how long it took
 */
record Proof(long violations, long sourceViolations, boolean lasting, long milliseconds) {}
