/** Second stage: from events to whole source transactions, and groups of them for one target transaction. Pure. */
@NullMarked
package io.changeover.sink.group;

import org.jspecify.annotations.NullMarked;
