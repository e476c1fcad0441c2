package io.changeover.sink.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import io.changeover.sink.plan.NetChanges;
import io.changeover.sink.target.TargetColumn;
import io.changeover.sink.target.TargetTable;
import io.changeover.sink.target.UniqueKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunksTest {

    private static final TargetTable TABLE = new TargetTable(
            new TableName("public", "t"),
            false,
            Map.of("id", column("id", "integer"), "v", column("v", "text")),
            List.of(new UniqueKey(List.of(new UniqueKey.Part("id", "operator(pg_catalog.=)")), true)));

    @Test
    void smallRowsAreDividedByTheirNumber() {
        assertThat(sizes(120_000, 1)).containsExactly(50_000, 50_000, 20_000);
    }

    @Test
    void longRowsAreDividedByTheirLength() {
        assertThat(sizes(40, 1 << 20)).containsExactly(15, 15, 10);
    }

    @Test
    void aRowThatIsTooLongIsAChunk() {
        assertThat(sizes(3, 17 << 20)).containsExactly(1, 1, 1);
    }

    /** Lengths of the chunks of updates, from the first row to the last. */
    private static List<Integer> sizes(int rows, int length) {
        String value = "x".repeat(length);
        List<NetChanges.RowUpdate> updates = IntStream.range(0, rows)
                .mapToObj(id -> new NetChanges.RowUpdate(
                        row("id", String.valueOf(id)), Tuple.of(List.of("v"), new String[] {value})))
                .toList();
        RowSets.Updates set = RowSets.of(TABLE, new NetChanges(List.of(), updates, List.of()))
                .orElseThrow()
                .updates()
                .get(0);
        List<Integer> sizes = new ArrayList<>();
        for (int from = 0; from < rows; ) {
            int to = Chunks.end(List.of(set.keys(), set.values()), from);
            sizes.add(to - from);
            from = to;
        }
        return sizes;
    }

    private static Tuple row(String name, String value) {
        return Tuple.of(List.of(name), new String[] {value});
    }

    private static TargetColumn column(String name, String type) {
        return new TargetColumn(name, type, type, false, false, false);
    }
}
