@NullMarked
package io.changeover.sink.offsets;

import org.jspecify.annotations.NullMarked;
