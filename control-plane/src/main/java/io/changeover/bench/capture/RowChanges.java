package io.changeover.bench.capture;

/** How many row changes a Kafka record holds; there is one for each format. */
public interface RowChanges {

    /**
     * Counts inserted, updated and deleted rows, nothing else.
     *
     * @param value of the record
     */
    long in(byte[] value);
}
