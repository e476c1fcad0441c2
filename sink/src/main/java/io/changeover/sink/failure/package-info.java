/** Every decision about errors: retry or stop, and what people get to read. */
@NullMarked
package io.changeover.sink.failure;

import org.jspecify.annotations.NullMarked;
