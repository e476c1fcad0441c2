package io.changeover.sink.decode.debezium;

import io.changeover.contract.Tuple;

/**
 * A row, or the key of one, as text.
 *
 * @param isPartial whether a value was left out because it was not changed
 */
public record DecodedRow(Tuple tuple, boolean isPartial) {}
