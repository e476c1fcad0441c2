/** Third stage: which changes the full load has brought already. Pure. */
@NullMarked
package io.changeover.sink.visibility;

import org.jspecify.annotations.NullMarked;
