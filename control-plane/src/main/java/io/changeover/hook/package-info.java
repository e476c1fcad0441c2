/** Commands and webhooks of the operator, run before and after steps of a cutover. */
@NullMarked
package io.changeover.hook;

import org.jspecify.annotations.NullMarked;
