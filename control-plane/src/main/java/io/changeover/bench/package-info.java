/** What the benchmarks share: the machine, repeated measurements, spreads, ratios, and a report as text and as JSON. */
@NullMarked
package io.changeover.bench;

import org.jspecify.annotations.NullMarked;
