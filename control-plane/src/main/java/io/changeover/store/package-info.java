/** The control plane's memory: migrations in a compacted topic, written by one producer that fences any other. */
@NullMarked
package io.changeover.store;

import org.jspecify.annotations.NullMarked;
