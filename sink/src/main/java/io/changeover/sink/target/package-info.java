/** What is on the other side: a session on the target and its catalog. */
@NullMarked
package io.changeover.sink.target;

import org.jspecify.annotations.NullMarked;
