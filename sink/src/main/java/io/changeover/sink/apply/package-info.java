/** Last stage: writes a group, the ledger and the position in one target transaction. */
@NullMarked
package io.changeover.sink.apply;

import org.jspecify.annotations.NullMarked;
