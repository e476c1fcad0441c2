/** The benchmark of the capture: ours and stock Debezium drain the same WAL into Kafka. */
@NullMarked
package io.changeover.bench.capture;

import org.jspecify.annotations.NullMarked;
