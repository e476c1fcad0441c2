/** Looks at a source that was left: who still uses it, and whether somebody still writes to it. */
@NullMarked
package io.changeover.former;

import org.jspecify.annotations.NullMarked;
