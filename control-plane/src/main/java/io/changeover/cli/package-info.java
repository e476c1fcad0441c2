/** The command {@code changeover}. What shows or steers a migration goes through REST only. */
@NullMarked
package io.changeover.cli;

import org.jspecify.annotations.NullMarked;
