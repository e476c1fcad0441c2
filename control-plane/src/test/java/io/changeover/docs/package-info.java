/** Pages of docs/ that are made of what the program says about itself, and are checked to be so. */
@NullMarked
package io.changeover.docs;

import org.jspecify.annotations.NullMarked;
