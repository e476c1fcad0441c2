package io.changeover.sink.decode.debezium;

/** Writes the values of one column, none of them NULL, as text that the column's type reads as the same value. */
@FunctionalInterface
interface ValueText {

    String of(Object value);
}
