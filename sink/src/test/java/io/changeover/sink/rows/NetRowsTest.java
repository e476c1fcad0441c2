package io.changeover.sink.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Many changes at once against one by one, over a table that is a map from key to columns. */
class NetRowsTest {

    private static final TableName TABLE = new TableName("public", "t");

    @Property(tries = 2000)
    void netRowsGiveWhatChangesOneByOneGive(
            @ForAll @Size(max = 25) List<@IntRange(max = 59) Integer> choices,
            @ForAll @Size(max = 4) List<@IntRange(max = 3) Integer> present) {
        Map<String, Map<String, @Nullable String>> before = new LinkedHashMap<>();
        present.forEach(id -> before.put("k" + id, columns("k" + id, "old", "old")));
        List<RowChange> changes = new ArrayList<>();
        Map<String, Map<String, @Nullable String>> expected = copy(before);
        for (int place = 0; place < choices.size(); place++) {
            RowChange change = change(choices.get(place), place, expected);
            changes.add(change);
            applyOne(expected, change);
        }

        Optional<NetRows> net = NetRows.of(changes);

        net.ifPresent(rows -> assertThat(applied(rows, before)).isEqualTo(expected));
        boolean partialAfterDelete = changes.stream().anyMatch(RowChange::isPartial)
                && changes.stream().anyMatch(each -> each.kind() == RowChange.Kind.DELETE);
        assertThat(net.isPresent() || partialAfterDelete).isTrue();
    }

    /** A part of a row only where the row is. */
    private static RowChange change(int choice, int place, Map<String, Map<String, @Nullable String>> rows) {
        String id = "k" + choice % 4;
        Tuple key = Tuple.of(Map.of("id", id));
        RowChange.Place where = RowChange.Place.of(new SinkRecord("topic", 0, null, null, null, null, place));
        int kind = choice / 4 % 3;
        if (kind == 0) {
            return new RowChange(RowChange.Kind.DELETE, TABLE, key, Tuple.EMPTY, false, false, where);
        } else if (kind == 1 && rows.containsKey(id)) {
            Map<String, @Nullable String> part = new LinkedHashMap<>();
            part.put("id", id);
            part.put(choice % 2 == 0 ? "a" : "b", "part" + place);
            return new RowChange(RowChange.Kind.WRITE, TABLE, key, Tuple.of(part), true, false, where);
        }
        Tuple row = Tuple.of(columns(id, "a" + place, "b" + place));
        return new RowChange(RowChange.Kind.WRITE, TABLE, key, row, false, choice % 2 == 0, where);
    }

    private static void applyOne(Map<String, Map<String, @Nullable String>> rows, RowChange change) {
        String id = String.valueOf(change.key().value(0));
        if (change.kind() == RowChange.Kind.DELETE) {
            rows.remove(id);
        } else {
            rows.computeIfAbsent(id, each -> new LinkedHashMap<>())
                    .putAll(change.row().toMap());
        }
    }

    private static Map<String, Map<String, @Nullable String>> applied(
            NetRows net, Map<String, Map<String, @Nullable String>> before) {
        Map<String, Map<String, @Nullable String>> rows = copy(before);
        net.deletes().forEach(key -> rows.remove(String.valueOf(key.value(0))));
        for (NetRows.Update update : net.updates()) {
            Map<String, @Nullable String> row =
                    rows.get(String.valueOf(update.key().value(0)));
            assertThat(row).as("a part of a row needs the row").isNotNull();
            row.putAll(update.values().toMap());
        }
        List<Tuple> whole = new ArrayList<>(net.replaced());
        whole.addAll(net.fresh());
        whole.forEach(row -> rows.put(String.valueOf(row.value(row.indexOf("id"))), new LinkedHashMap<>(row.toMap())));
        return rows;
    }

    private static Map<String, @Nullable String> columns(String id, String a, String b) {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        row.put("id", id);
        row.put("a", a);
        row.put("b", b);
        return row;
    }

    private static Map<String, Map<String, @Nullable String>> copy(Map<String, Map<String, @Nullable String>> rows) {
        Map<String, Map<String, @Nullable String>> copy = new LinkedHashMap<>();
        rows.forEach((id, row) -> copy.put(id, new LinkedHashMap<>(row)));
        return copy;
    }
}
