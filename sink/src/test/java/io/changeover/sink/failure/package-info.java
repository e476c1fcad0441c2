/** Tests of this stage. */
@NullMarked
package io.changeover.sink.failure;

import org.jspecify.annotations.NullMarked;
