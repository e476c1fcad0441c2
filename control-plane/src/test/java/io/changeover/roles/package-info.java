@NullMarked
package io.changeover.roles;

import org.jspecify.annotations.NullMarked;
