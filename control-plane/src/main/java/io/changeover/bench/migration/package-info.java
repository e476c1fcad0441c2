/** Whole migrations, measured: how long a cutover freezes, and what verification costs. */
@NullMarked
package io.changeover.bench.migration;

import org.jspecify.annotations.NullMarked;
