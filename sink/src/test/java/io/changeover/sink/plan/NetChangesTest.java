package io.changeover.sink.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Example;
import org.jspecify.annotations.Nullable;

/** What a plan says of some changes, and where there is none. */
class NetChangesTest {

    private static final TableName TABLE = new TableName("public", "t");
    private static final List<String> KEY = List.of("k");

    @Example
    void whatCannotBeToldIsNotGuessed() {
        assertThat(NetChanges.of(KEY, List.of(new ChangeEvent.Insert(TABLE, Tuple.of(Map.of("u", "1"))))))
                .isEmpty();
        assertThat(NetChanges.of(KEY, List.of(new ChangeEvent.Delete(TABLE, row("k", null)))))
                .isEmpty();
        assertThat(NetChanges.of(KEY, List.of(new ChangeEvent.Truncate(TABLE)))).isEmpty();
        assertThat(NetChanges.of(
                        KEY,
                        List.of(
                                new ChangeEvent.Insert(TABLE, row("k", "1")),
                                new ChangeEvent.Insert(TABLE, row("k", "1")))))
                .isEmpty();
    }

    @Example
    void keyOfTwoColumnsIsOne() {
        List<ChangeEvent> changes = List.of(
                new ChangeEvent.Insert(TABLE, row("a", "1", "b", "23")),
                new ChangeEvent.Insert(TABLE, row("a", "12", "b", "3")),
                new ChangeEvent.Update(TABLE, row("a", "1", "b", "23"), row("a", "9", "b", "23")),
                new ChangeEvent.Delete(TABLE, row("b", "3", "a", "12")));

        assertThat(NetChanges.of(List.of("a", "b"), changes))
                .isEqualTo(Optional.of(new NetChanges(List.of(), List.of(), List.of(row("a", "9", "b", "23")))));
    }

    /** 1.0 and 1.00 are one key for PostgreSQL: the row of one goes before that of the other comes. */
    @Example
    void textsOfOneKeyAreDifferentRows() {
        List<ChangeEvent> changes = List.of(
                new ChangeEvent.Delete(TABLE, row("k", "1.0")),
                new ChangeEvent.Insert(TABLE, row("k", "1.00", "u", "x")),
                new ChangeEvent.Update(TABLE, row("k", "2.0"), row("k", "2.00", "u", "y")));

        assertThat(NetChanges.of(KEY, changes))
                .contains(new NetChanges(
                        List.of(row("k", "1.0")),
                        List.of(new NetChanges.RowUpdate(row("k", "2.0"), row("k", "2.00", "u", "y"))),
                        List.of(row("k", "1.00", "u", "x"))));
    }

    /** A value that was not sent is that of the row before, also where the key changes more than once. */
    @Example
    void whatWasNotSentStays() {
        List<ChangeEvent> changes = List.of(
                new ChangeEvent.Insert(TABLE, row("k", "1", "big", "long")),
                new ChangeEvent.Update(TABLE, row("k", "1"), row("k", "2", "u", "x")),
                new ChangeEvent.Update(TABLE, row("k", "7"), row("k", "8", "big", "sent")),
                new ChangeEvent.Update(TABLE, row("k", "8"), row("k", "9", "u", "y")));

        assertThat(NetChanges.of(KEY, changes))
                .contains(new NetChanges(
                        List.of(),
                        List.of(new NetChanges.RowUpdate(row("k", "7"), row("k", "9", "big", "sent", "u", "y"))),
                        List.of(row("k", "2", "big", "long", "u", "x"))));
    }

    private static Tuple row(@Nullable String... columns) {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i += 2) {
            row.put(columns[i], columns[i + 1]);
        }
        return Tuple.of(row);
    }
}
