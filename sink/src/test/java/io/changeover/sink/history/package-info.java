/** Random histories of a real source, as its WAL tells them, against what the sink makes of them on a real target. */
@NullMarked
package io.changeover.sink.history;

import org.jspecify.annotations.NullMarked;
