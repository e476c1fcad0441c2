package io.changeover.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

/** Visibility and the wrap of 32 bits are tested where they decide, with the sink's loaded tables. */
class SnapshotTest {

    private static final LogSequenceNumber READ_AT = LogSequenceNumber.valueOf("80000000/10");

    @ParameterizedTest
    @ValueSource(strings = {"", "1:2", "1:2:3:4", "a:b:", "1:2:3,x"})
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> Snapshot.parse(text, READ_AT)).isInstanceOf(IllegalArgumentException.class);
    }

    /** LSNs are unsigned: a position in the upper half is not before one in the lower. */
    @Test
    void commitAfterTheSnapshotWasReadIsNotInTheCopy() {
        Snapshot snapshot = Snapshot.parse("100:110:105", READ_AT);

        assertThat(snapshot.sees(50, LogSequenceNumber.valueOf("7FFFFFFF/FFFFFFFF")))
                .isTrue();
        assertThat(snapshot.sees(50, READ_AT)).isTrue();
        assertThat(snapshot.sees(50, LogSequenceNumber.valueOf("80000000/11"))).isFalse();
        assertThat(snapshot.sees(105, READ_AT)).isFalse();
    }
}
