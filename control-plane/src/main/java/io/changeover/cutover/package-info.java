/**
 * The switch: fence the source, write a marker, wait until the target has applied it, set what is not in the stream.
 */
@NullMarked
package io.changeover.cutover;

import org.jspecify.annotations.NullMarked;
