/** A DVD rental business to try a migration with: its database, and an application that never stops writing to it. */
@NullMarked
package io.changeover.demo;

import org.jspecify.annotations.NullMarked;
