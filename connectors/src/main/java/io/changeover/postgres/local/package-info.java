/** Real PostgreSQL servers on this machine, for the demo and the tests; no part of what is deployed. */
@NullMarked
package io.changeover.postgres.local;

import org.jspecify.annotations.NullMarked;
