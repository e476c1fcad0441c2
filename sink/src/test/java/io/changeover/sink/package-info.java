/** Tests of the sink against a real server, through Connect's interface. */
@NullMarked
package io.changeover.sink;

import org.jspecify.annotations.NullMarked;
