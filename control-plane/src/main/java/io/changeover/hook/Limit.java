package io.changeover.hook;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How long a hook may take.
 *
 * @param timeout after which it is ended
 * @param over says why it is to be ended before; asked often
 */
public record Limit(Duration timeout, Supplier<Optional<String>> over) {}
