/** Debezium's JDBC sink as a peer to be measured: where it comes from, its worker, its settings. */
@org.jspecify.annotations.NullMarked
package io.changeover.bench.jdbc;
