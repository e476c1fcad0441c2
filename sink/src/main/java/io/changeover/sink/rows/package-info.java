/**
 * Applies rows of topics that are no change topic of ours: one topic per table, each with an order of its own, keyed by
 * partition in the ledger.
 */
@NullMarked
package io.changeover.sink.rows;

import org.jspecify.annotations.NullMarked;
