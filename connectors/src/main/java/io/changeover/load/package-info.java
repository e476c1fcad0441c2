/** The full load: COPY out of the source straight into COPY of the target, exact together with the stream. */
@NullMarked
package io.changeover.load;

import org.jspecify.annotations.NullMarked;
