@NullMarked
package io.changeover.schema;

import org.jspecify.annotations.NullMarked;
