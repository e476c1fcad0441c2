/** What the sink has done and is doing, for people and machines that watch. */
@NullMarked
package io.changeover.sink.metrics;

import org.jspecify.annotations.NullMarked;
