/** Tests of this stage. */
@NullMarked
package io.changeover.sink.config;

import org.jspecify.annotations.NullMarked;
