/** What the benchmarks write on a source: tables, and transactions about them. */
@NullMarked
package io.changeover.bench.workload;

import org.jspecify.annotations.NullMarked;
