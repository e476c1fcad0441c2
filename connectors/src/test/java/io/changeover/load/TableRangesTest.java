package io.changeover.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.ledger.PartLedger.Range;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TableRangesTest {

    @Test
    void blocksAreBoundsOfTheRowsPlaces() {
        Range range = new Range(Optional.empty(), OptionalLong.of(7), OptionalLong.of(9), 0);

        assertThat(TableRanges.condition(range)).isEqualTo("ctid >= '(7,0)'::tid and ctid < '(9,0)'::tid");
    }

    @Test
    void keysAreQuoted() {
        Range range = new Range(Optional.of("a\"b"), OptionalLong.of(-5), OptionalLong.empty(), 0);

        assertThat(TableRanges.condition(range)).isEqualTo("\"a\"\"b\" >= '-5'::int8");
    }

    @Test
    void theFirstAndTheLastOneHaveNoOuterBound() {
        List<Range> ranges = TableRanges.ofKeys("id", Long.MIN_VALUE, Long.MAX_VALUE, 4, 4000);

        assertThat(ranges)
                .extracting(Range::lower, Range::upper)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(OptionalLong.empty(), OptionalLong.of(-(1L << 62))),
                        org.assertj.core.groups.Tuple.tuple(OptionalLong.of(-(1L << 62)), OptionalLong.of(0)),
                        org.assertj.core.groups.Tuple.tuple(OptionalLong.of(0), OptionalLong.of(1L << 62)),
                        org.assertj.core.groups.Tuple.tuple(OptionalLong.of(1L << 62), OptionalLong.empty()));
        assertThat(ranges).extracting(Range::bytes).containsOnly(1000L);
    }
}
