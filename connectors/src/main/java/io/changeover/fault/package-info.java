/** Places at which a test ends the program, to see that nothing is lost there and nothing happens twice. */
@NullMarked
package io.changeover.fault;

import org.jspecify.annotations.NullMarked;
