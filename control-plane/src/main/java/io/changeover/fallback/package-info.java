/**
 * The way back after a cutover: from a marker in the target's WAL on, its changes are applied to the old source by the
 * same connectors with their sides exchanged.
 */
@NullMarked
package io.changeover.fallback;

import org.jspecify.annotations.NullMarked;
