/** Copies a database's structure to the target in three steps, each of which can be repeated after a crash. */
@NullMarked
package io.changeover.schema;

import org.jspecify.annotations.NullMarked;
