/** What Connect's requests to alter or reset a connector's offsets do to the position in the target. */
@NullMarked
package io.changeover.sink.offsets;

import org.jspecify.annotations.NullMarked;
