/** Who leads a pair: what a control plane does to servers, Kafka and Connect is refused once another one leads. */
@NullMarked
package io.changeover.leader;

import org.jspecify.annotations.NullMarked;
