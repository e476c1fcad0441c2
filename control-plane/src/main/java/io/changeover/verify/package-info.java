/** Whether source and target are the same: every row of every table at two held snapshots, and the definitions. */
@NullMarked
package io.changeover.verify;

import org.jspecify.annotations.NullMarked;
