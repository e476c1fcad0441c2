/** Carries out what {@code migration} decides: one thread per database pair, step after step, safe to kill anywhere. */
@NullMarked
package io.changeover.runner;

import org.jspecify.annotations.NullMarked;
