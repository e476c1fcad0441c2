/** What a person asks for: the migration file, read and checked as a whole, and where its passwords come from. */
@NullMarked
package io.changeover.spec;

import org.jspecify.annotations.NullMarked;
