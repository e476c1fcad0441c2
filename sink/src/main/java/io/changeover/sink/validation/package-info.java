/** Answers "would this configuration work?" before anything runs: the values, and a look at the target. */
@NullMarked
package io.changeover.sink.validation;

import org.jspecify.annotations.NullMarked;
