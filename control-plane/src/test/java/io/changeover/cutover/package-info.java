@NullMarked
package io.changeover.cutover;

import org.jspecify.annotations.NullMarked;
