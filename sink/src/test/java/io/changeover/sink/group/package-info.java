/** Tests of this stage. */
@NullMarked
package io.changeover.sink.group;

import org.jspecify.annotations.NullMarked;
