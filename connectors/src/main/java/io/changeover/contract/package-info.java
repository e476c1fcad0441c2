/** What the parts of Changeover say to each other: the words, and the wire of the change topic. */
@NullMarked
package io.changeover.contract;

import org.jspecify.annotations.NullMarked;
