/** How far a database pair is: what is loaded, captured, applied and pending. Reads, never changes. */
@NullMarked
package io.changeover.lag;

import org.jspecify.annotations.NullMarked;
