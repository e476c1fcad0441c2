/** Measures the full load against a COPY pipe and other tools. */
@org.jspecify.annotations.NullMarked
package io.changeover.bench.load;
