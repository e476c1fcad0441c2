/**
 * What we add to Debezium: raw text values, offsets at transaction ends only, one topic, a slot that only we create.
 */
@NullMarked
package io.changeover.capture;

import org.jspecify.annotations.NullMarked;
