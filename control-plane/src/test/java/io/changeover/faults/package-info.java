/** Faults of networks and processes, at moments that a test chooses. */
@NullMarked
package io.changeover.faults;

import org.jspecify.annotations.NullMarked;
