/** The contract's records as JSON, and the Connect converter that carries them. */
@NullMarked
package io.changeover.wire;

import org.jspecify.annotations.NullMarked;
