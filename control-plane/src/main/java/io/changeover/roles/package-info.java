/** Copies roles and rights to the target, without passwords, and reports what a copy of the structure leaves out. */
@NullMarked
package io.changeover.roles;

import org.jspecify.annotations.NullMarked;
