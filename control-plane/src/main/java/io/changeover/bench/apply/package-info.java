/**
 * The benchmarks of the sink: changes that are in Kafka already are applied to a target by our sink and by Debezium's,
 * and the same WAL by native logical replication; and the whole way from a slot to the target.
 */
@NullMarked
package io.changeover.bench.apply;

import org.jspecify.annotations.NullMarked;
