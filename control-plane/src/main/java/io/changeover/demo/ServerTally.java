package io.changeover.demo;

import java.time.Instant;

/**
 * What one server acknowledged.
 *
 * @param server {@code host:port/database}
 * @param transactions how many transactions
 * @param first when the first of them was acknowledged
 * @param last when the last of them was acknowledged
 */
public record ServerTally(String server, long transactions, Instant first, Instant last) {

    ServerTally next(Instant now) {
        return new ServerTally(server, transactions + 1, first, now);
    }
}
