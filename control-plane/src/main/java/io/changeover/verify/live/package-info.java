/** Verification while changes flow: every row of every table, and again what changed since, before the cutover. */
@NullMarked
package io.changeover.verify.live;

import org.jspecify.annotations.NullMarked;
