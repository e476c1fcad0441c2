@NullMarked
package io.changeover.verify;

import org.jspecify.annotations.NullMarked;
