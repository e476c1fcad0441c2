/** How tables are defined on both sides, and whether the target's still fits when the source's is altered. */
@NullMarked
package io.changeover.definition;

import org.jspecify.annotations.NullMarked;
