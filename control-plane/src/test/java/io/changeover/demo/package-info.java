/** Tests of the demo's sample database and write load. */
@NullMarked
package io.changeover.demo;

import org.jspecify.annotations.NullMarked;
