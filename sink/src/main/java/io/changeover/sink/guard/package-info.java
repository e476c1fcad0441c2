/**
 * Keeps triggers, rules and foreign keys of the target quiet while changes are applied, and puts them back exactly as
 * they were.
 */
@NullMarked
package io.changeover.sink.guard;

import org.jspecify.annotations.NullMarked;
