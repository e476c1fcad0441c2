/**
 * The schema {@code changeover} in the target: what the load and the sink have done, written in the same transactions
 * as the rows. Created by whoever comes first, read by the control plane.
 */
@NullMarked
package io.changeover.ledger;

import org.jspecify.annotations.NullMarked;
