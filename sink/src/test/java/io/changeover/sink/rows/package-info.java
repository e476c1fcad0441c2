@NullMarked
package io.changeover.sink.rows;

import org.jspecify.annotations.NullMarked;
