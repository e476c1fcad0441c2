/** Notices where the tables of source and target are no longer defined alike, and mends what can be mended safely. */
@NullMarked
package io.changeover.ddl;

import org.jspecify.annotations.NullMarked;
