package io.changeover.spec;

/**
 * A database and where it goes.
 *
 * @param source its name on the source server
 * @param target its name on the target server
 */
public record DatabasePair(String source, String target) {}
