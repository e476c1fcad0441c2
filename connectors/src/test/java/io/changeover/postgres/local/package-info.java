@NullMarked
package io.changeover.postgres.local;

import org.jspecify.annotations.NullMarked;
