/** What a migration is and how it goes on: records and pure functions, nothing that touches a network or a clock. */
@NullMarked
package io.changeover.migration;

import org.jspecify.annotations.NullMarked;
