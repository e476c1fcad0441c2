/** Between group and apply: what the changes of a table come to, so that sets of rows can be written. Pure. */
@NullMarked
package io.changeover.sink.plan;

import org.jspecify.annotations.NullMarked;
