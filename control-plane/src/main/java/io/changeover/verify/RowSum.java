package io.changeover.verify;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Adds up rows: the SHA-256 of each, taken as a number, modulo 2<sup>256</sup>. A sum does not depend on the order of
 * the rows and counts duplicates, which XOR would cancel out. Nothing is allocated per row. Not thread-safe.
 */
public final class RowSum {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int BYTES = 32;

    private final MessageDigest sha256 = sha256();
    private final byte[] hash = new byte[BYTES];
    private long rows;
    private long highest;
    private long high;
    private long low;
    private long lowest;

    /** Adds one row. */
    public void add(byte[] row) {
        sha256.update(row, 0, row.length);
        try {
            sha256.digest(hash, 0, BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("A SHA-256 has 32 bytes", e);
        }
        rows++;
        addNumber(word(0), word(1), word(2), word(3));
    }

    /** The sum so far. */
    public TableDigest result() {
        return new TableDigest(rows, "%016x%016x%016x%016x".formatted(highest, high, low, lowest));
    }

    private void addNumber(long a, long b, long c, long d) {
        lowest += d;
        long carry = carryOf(lowest, d);
        low += c;
        long next = carryOf(low, c);
        low += carry;
        next += carryOf(low, carry);
        high += b;
        carry = carryOf(high, b);
        high += next;
        carry += carryOf(high, next);
        highest += a + carry;
    }

    /** 1 if the unsigned addition that gave {@code sum} from {@code addend} and something went over 64 bits. */
    private static long carryOf(long sum, long addend) {
        return Long.compareUnsigned(sum, addend) < 0 ? 1 : 0;
    }

    private long word(int index) {
        return (long) LONGS.get(hash, index * Long.BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
