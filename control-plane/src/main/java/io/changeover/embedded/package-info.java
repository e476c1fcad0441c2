/**
 * Kafka inside this JVM: one broker and one Connect worker, for a try-out and for migrations that fit one machine. What
 * they keep is in one work directory; they survive kill -9 of the JVM and start again on it.
 */
@NullMarked
package io.changeover.embedded;

import org.jspecify.annotations.NullMarked;
