/**
 * What can be set: the definition of the keys, one class for each group, and how other spellings and the keys of other
 * sinks are read.
 */
@NullMarked
package io.changeover.sink.config;

import org.jspecify.annotations.NullMarked;
