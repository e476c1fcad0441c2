/** Tests of what is noticed and what is done where tables are altered. */
@NullMarked
package io.changeover.ddl;

import org.jspecify.annotations.NullMarked;
