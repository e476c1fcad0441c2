/** Tests of this stage. */
@NullMarked
package io.changeover.sink.apply;

import org.jspecify.annotations.NullMarked;
