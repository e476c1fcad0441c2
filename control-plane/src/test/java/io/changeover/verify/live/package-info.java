/** Tests of the verification while changes flow. */
@NullMarked
package io.changeover.verify.live;

import org.jspecify.annotations.NullMarked;
