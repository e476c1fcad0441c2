/** What a migration will make and alter, where, and with which privileges, before it does. */
@NullMarked
package io.changeover.plan;

import org.jspecify.annotations.NullMarked;
