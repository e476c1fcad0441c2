/** Records of a stock Debezium source, as rows of PostgreSQL text. Pure: nothing here knows a connection. */
@NullMarked
package io.changeover.sink.decode.debezium;

import org.jspecify.annotations.NullMarked;
