@NullMarked
package io.changeover.sink.metrics;

import org.jspecify.annotations.NullMarked;
