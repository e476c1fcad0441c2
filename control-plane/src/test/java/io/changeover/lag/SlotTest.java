package io.changeover.lag;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class SlotTest {

    private static final long MB = 1L << 20;
    private static final long GB = 1L << 30;

    @Test
    void slotThatIsReadAndHasRoomThreatensNothing() {
        assertThat(slot(true, 5 * GB, "reserved", Optional.empty()).warnings()).isEmpty();
        assertThat(slot(true, 5 * GB, "extended", Optional.of(5 * GB)).warnings())
                .isEmpty();
        assertThat(new Slot("s", true, LogSequenceNumber.INVALID_LSN, 5 * GB, Optional.empty(), Optional.empty())
                        .warnings())
                .isEmpty();
    }

    @Test
    void littleRoomIsAGigabyteOrATenthOfAllButNotHalfOfAll() {
        assertThat(slot(true, 3 * GB, "extended", Optional.of(1025 * MB)).warnings())
                .isEmpty();
        assertThat(slot(true, 3 * GB, "extended", Optional.of(1023 * MB)).warnings())
                .singleElement()
                .asString()
                .contains("slot s keeps 3072 MB", "after 1023 MB more", "max_slot_wal_keep_size");
        assertThat(slot(true, 91 * GB, "extended", Optional.of(9 * GB)).warnings())
                .hasSize(1);
        assertThat(slot(true, 16 * MB, "reserved", Optional.of(500 * MB)).warnings())
                .isEmpty();
        assertThat(slot(true, 300 * MB, "reserved", Optional.of(200 * MB)).warnings())
                .hasSize(1);
    }

    @Test
    void unreservedSlotIsInDangerNow() {
        assertThat(slot(true, 3 * GB, "unreserved", Optional.of(-5 * MB)).warnings())
                .singleElement()
                .asString()
                .contains("next checkpoint", "Raise max_slot_wal_keep_size");
    }

    @Test
    void lostSlotIsTheEndAndSaysHowToBeginAnew() {
        Slot lost = slot(false, 0, "lost", Optional.empty());

        assertThat(lost.lost()).isTrue();
        assertThat(lost.warnings()).singleElement().asString().contains("slot s is lost", "under another name");
    }

    @Test
    void slotThatNobodyReadsIsToldOfFromAGigabyteOn() {
        assertThat(slot(false, GB - 1, "reserved", Optional.empty()).warnings()).isEmpty();
        assertThat(slot(false, GB, "extended", Optional.empty()).warnings())
                .singleElement()
                .asString()
                .contains("Nobody reads", "pg_drop_replication_slot('s')");
        assertThat(slot(false, GB, "extended", Optional.of(10 * MB)).warnings()).hasSize(2);
    }

    private static Slot slot(boolean active, long retained, String status, Optional<Long> safe) {
        return new Slot("s", active, LogSequenceNumber.INVALID_LSN, retained, Optional.of(status), safe);
    }

    /** The warnings are for one line each. */
    @Test
    void warningsAreSentencesOfOneLine() {
        List<String> warnings =
                slot(false, 3 * GB, "extended", Optional.of(10 * MB)).warnings();

        assertThat(warnings).allSatisfy(warning -> assertThat(warning).doesNotContain("\n"));
    }
}
