/** How every part of Changeover talks to a PostgreSQL server: where it is, one way to connect, one way to quote. */
@NullMarked
package io.changeover.postgres;

import org.jspecify.annotations.NullMarked;
