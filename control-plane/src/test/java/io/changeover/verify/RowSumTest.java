package io.changeover.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowSumTest {

    @Test
    void isTheSumOfTheHashesAsNumbers() throws Exception {
        List<byte[]> rows = rows(10_000);
        BigInteger expected = BigInteger.ZERO;
        for (byte[] row : rows) {
            expected = expected.add(
                    new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(row)));
        }

        TableDigest digest = digest(rows);

        BigInteger modulus = BigInteger.ONE.shiftLeft(256);
        assertThat(new BigInteger(digest.sum(), 16)).isEqualTo(expected.mod(modulus));
        assertThat(digest.sum()).hasSize(64);
        assertThat(digest.rows()).isEqualTo(10_000);
    }

    @Test
    void orderDoesNotMatter() {
        List<byte[]> rows = rows(1_000);
        List<byte[]> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(2));

        assertThat(digest(shuffled)).isEqualTo(digest(rows));
    }

    @Test
    void duplicatesCount() {
        byte[] a = {1};
        byte[] b = {2};

        assertThat(digest(List.of(a, a, b))).isNotEqualTo(digest(List.of(a, b, b)));
        assertThat(digest(List.of(a, a)).sum())
                .isNotEqualTo(digest(List.of(b, b)).sum());
    }

    @Test
    void anyFlippedBitShows() {
        byte[] row = "1\tname\t\\N\n".getBytes(StandardCharsets.UTF_8);
        TableDigest original = digest(List.of(row));

        for (int bit = 0; bit < row.length * 8; bit++) {
            byte[] flipped = row.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(digest(List.of(flipped))).isNotEqualTo(original);
        }
    }

    private static TableDigest digest(List<byte[]> rows) {
        RowSum sum = new RowSum();
        rows.forEach(sum::add);
        return sum.result();
    }

    private static List<byte[]> rows(int count) {
        Random random = new Random(1);
        List<byte[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] row = new byte[random.nextInt(200)];
            random.nextBytes(row);
            rows.add(row);
        }
        return rows;
    }
}
