package io.changeover.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.postgres.TableName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class LongValuesTest {

    private static final TableName TABLE = new TableName("public", "t");

    private final LongValues values = new LongValues();

    @Test
    void piecesBecomeColumnsOfTheNextChange() {
        List<ChangeEvent> whole = take(
                new ChangeEvent.Piece(false, "b", 0, 4, "ol"),
                new ChangeEvent.Piece(false, "b", 1, 4, "d2"),
                new ChangeEvent.Piece(true, "b", 0, 3, "new"),
                new ChangeEvent.Update(TABLE, Tuple.of(Map.of("a", "1")), Tuple.of(Map.of("a", "2"))),
                new ChangeEvent.Insert(TABLE, Tuple.of(Map.of("a", "3"))));

        assertThat(whole).hasSize(2);
        ChangeEvent.Update update = (ChangeEvent.Update) whole.get(0);
        assertThat(update.before().toMap()).isEqualTo(Map.of("a", "1", "b", "old2"));
        assertThat(update.after().toMap()).isEqualTo(Map.of("a", "2", "b", "new"));
        assertThat(whole.get(1)).isEqualTo(new ChangeEvent.Insert(TABLE, Tuple.of(Map.of("a", "3"))));
        assertThat(values.isEmpty()).isTrue();
    }

    @Test
    void missingPieceIsAnError() {
        take(new ChangeEvent.Piece(true, "b", 0, 4, "ol"));

        assertThatThrownBy(() -> values.take(new ChangeEvent.Piece(true, "b", 2, 4, "d")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("part 1");
    }

    @Test
    void cutOffTransactionLeavesNothing() {
        take(new ChangeEvent.Piece(true, "b", 0, 4, "ol"), new ChangeEvent.Begin(7, LogSequenceNumber.valueOf(0)));

        assertThat(values.isEmpty()).isTrue();
        assertThat(take(new ChangeEvent.End(7, LogSequenceNumber.valueOf(1), 0, 0)))
                .hasSize(1);
    }

    private List<ChangeEvent> take(ChangeEvent... events) {
        return Stream.of(events).map(values::take).filter(Objects::nonNull).toList();
    }
}
