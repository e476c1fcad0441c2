package io.changeover.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

class LsnsTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 0xABCDEFL, 0xFFFFFFFFL, 0x1_0000_0000L, 0x1A_00BC_0000L, 0x7FFF_FFFF_8000_0000L, -1})
    void textIsThatOfTheDriver(long position) {
        LogSequenceNumber lsn = LogSequenceNumber.valueOf(position);
        assertThat(Lsns.text(lsn)).isEqualTo(lsn.asString());
        assertThat(LogSequenceNumber.valueOf(Lsns.text(lsn))).isEqualTo(lsn);
        assertThat(Lsns.parse(Lsns.text(lsn))).isEqualTo(lsn);
        assertThat(Lsns.parse(lsn.asString().toLowerCase(Locale.ROOT))).isEqualTo(lsn);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "1", "1/", "/1", "1/G", "1/2/3", "100000000/0", "0/100000000", "-1/0", "0/ 1"})
    void whatIsNoPositionIsRefused(String text) {
        assertThatThrownBy(() -> Lsns.parse(text)).isInstanceOf(NumberFormatException.class);
    }
}
