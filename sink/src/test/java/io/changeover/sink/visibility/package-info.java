/** Tests of this stage. */
@NullMarked
package io.changeover.sink.visibility;

import org.jspecify.annotations.NullMarked;
