/** What the control plane knows, as Prometheus reads it. */
@NullMarked
package io.changeover.metrics;

import org.jspecify.annotations.NullMarked;
