/** Tests of this stage. */
@NullMarked
package io.changeover.sink.validation;

import org.jspecify.annotations.NullMarked;
