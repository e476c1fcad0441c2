/**
 * The sink connector: adapts Connect to the stages decode, group, visibility, apply. Stages know nothing of Connect's
 * life cycle.
 */
@NullMarked
package io.changeover.sink;

import org.jspecify.annotations.NullMarked;
