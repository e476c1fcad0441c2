@NullMarked
package io.changeover.fault;

import org.jspecify.annotations.NullMarked;
