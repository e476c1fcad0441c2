/** Whole migrations through REST and the command, on real PostgreSQL, Kafka and Connect. */
@NullMarked
package io.changeover.e2e;

import org.jspecify.annotations.NullMarked;
