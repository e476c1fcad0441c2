package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class PackerTest {

    private final List<List<ChangeEvent>> packs = new ArrayList<>();
    private final List<Optional<ChangeEvent.End>> ends = new ArrayList<>();
    private long nanos;

    private static final ChangeEvent BEGIN = new ChangeEvent.Begin(1, LogSequenceNumber.valueOf(0));

    private static ChangeEvent.End end(long xid) {
        return new ChangeEvent.End(xid, LogSequenceNumber.valueOf(xid), 0, 0);
    }

    private Packer packer(int events, int chars) {
        return new Packer(
                new Packer.Limits(events, chars, 1_000_000),
                (pack, lastEnd) -> {
                    packs.add(List.copyOf(pack));
                    ends.add(lastEnd);
                },
                () -> nanos);
    }

    @Test
    void packIsSentWhenItHasItsNumberOfEvents() throws InterruptedException {
        Packer packer = packer(3, 1000);
        for (int i = 0; i < 7; i++) {
            packer.accept(BEGIN, 0);
        }
        assertThat(packs).extracting(List::size).containsExactly(3, 3);
        packer.send();
        assertThat(packs).extracting(List::size).containsExactly(3, 3, 1);
        assertThat(packer.sent()).isEqualTo(3);
    }

    @Test
    void packIsSentBeforeTheEventThatWouldMakeItTooLong() throws InterruptedException {
        Packer packer = packer(100, 10);
        packer.accept(BEGIN, 6);
        packer.accept(BEGIN, 4);
        assertThat(packs).isEmpty();
        packer.accept(BEGIN, 1);
        assertThat(packs).extracting(List::size).containsExactly(2);
        packer.send();
        assertThat(packs).extracting(List::size).containsExactly(2, 1);
    }

    @Test
    void eventThatIsTooLongByItselfIsAlone() throws InterruptedException {
        Packer packer = packer(100, 10);
        packer.accept(BEGIN, 1);
        packer.accept(BEGIN, 50);
        packer.accept(BEGIN, 50);
        packer.accept(BEGIN, 1);
        packer.send();
        assertThat(packs).extracting(List::size).containsExactly(1, 1, 1, 1);
    }

    @Test
    void lastEndIsThatOfThePack() throws InterruptedException {
        Packer packer = packer(3, 1000);
        packer.accept(end(1), 0);
        packer.accept(end(2), 0);
        packer.accept(BEGIN, 0);
        packer.accept(BEGIN, 0);
        packer.send();
        assertThat(ends).containsExactly(Optional.of(end(2)), Optional.empty());
    }

    @Test
    void firstEventNeedNotWait() throws InterruptedException {
        Packer packer = packer(1000, 1000);
        assertThat(packer.mayWait()).as("nothing is there").isTrue();
        packer.accept(BEGIN, 0);
        assertThat(packer.mayWait()).isFalse();
    }

    @Test
    void packMayWaitForTenMillisecondsAfterTheOneBefore() throws InterruptedException {
        Packer packer = packer(1000, 1000);
        packer.accept(BEGIN, 0);
        packer.send();
        packer.accept(BEGIN, 0);
        nanos += 9_999_999;
        assertThat(packer.mayWait()).isTrue();
        nanos++;
        assertThat(packer.mayWait()).isFalse();
        assertThat(packer.breath()).isEqualTo(Duration.ofNanos(2_500_000));
    }

    @Test
    void packMayWaitLongerInABacklog() throws InterruptedException {
        Packer packer = packer(1000, 1000);
        for (int i = 0; i < 100; i++) {
            packer.accept(BEGIN, 0);
        }
        packer.send();
        packer.accept(BEGIN, 0);
        assertThat(packer.breath()).isEqualTo(Duration.ofMillis(5));
        nanos += 19_999_999;
        assertThat(packer.mayWait()).isTrue();
        nanos++;
        assertThat(packer.mayWait()).isFalse();
    }

    @Test
    void nothingIsNotSent() throws InterruptedException {
        Packer packer = packer(1, 1);
        packer.send();
        packer.accept(BEGIN, 0);
        packer.send();
        assertThat(packs).hasSize(1);
        assertThat(packer.sent()).isEqualTo(1);
    }
}
