package io.changeover.bench.capture;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Records of stock Debezium as JSON with schemas. The envelope's {@code op} comes after {@code before} and
 * {@code after}, so it is the last field of that name; in a string of JSON its quotes would be escaped. To parse the
 * schema of each record would take longer than the run.
 */
final class EnvelopeRows implements RowChanges {

    private static final byte[] OPERATION = "\"op\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final Set<Character> ROWS = Set.of('c', 'u', 'd');

    @Override
    public long in(byte[] value) {
        for (int at = value.length - OPERATION.length - 1; at >= 0; at--) {
            if (isOperation(value, at)) {
                return ROWS.contains((char) value[at + OPERATION.length]) ? 1 : 0;
            }
        }
        return 0;
    }

    private static boolean isOperation(byte[] value, int at) {
        for (int i = 0; i < OPERATION.length; i++) {
            if (value[at + i] != OPERATION[i]) {
                return false;
            }
        }
        return true;
    }
}
