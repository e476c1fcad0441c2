package io.changeover.sink.config;

/**
 * What is wrong with a setting, and what to do.
 *
 * @param key the key as it is written
 * @param message for the operator; no value that may be secret
 */
public record KeyProblem(String key, String message) {}
