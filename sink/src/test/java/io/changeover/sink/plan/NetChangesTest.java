package io.changeover.sink.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/**
 * Against a table in memory whose key knows no case, like citext: A and a are one key, as 1.0 and 1.00 are in
 * PostgreSQL. Its column {@code u} is unique, too.
 */
class NetChangesTest {

    private static final TableName TABLE = new TableName("public", "t");
    private static final List<String> KEY = List.of("k");
    private static final String KEYS = "AaBbCcDd";

    @Property(tries = 2000)
    void netChangesGiveWhatTheChangesGive(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int length) {
        Random random = new Random(seed);
        Source source = new Source(random);
        source.change(random.nextInt(6));
        Table target = source.table.copy();
        source.changes.clear();
        source.change(length);

        NetChanges net = NetChanges.of(KEY, source.changes).orElseThrow();
        target.apply(net);

        assertThat(target.rows).isEqualTo(source.table.rows);
        assertThat(touched(net)).doesNotHaveDuplicates();
    }

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

    private static List<String> touched(NetChanges net) {
        List<String> keys = new ArrayList<>();
        net.deletes().forEach(key -> keys.add(key.value(0)));
        net.updates().forEach(update -> keys.add(update.key().value(0)));
        return keys;
    }

    private static Tuple row(@Nullable String... columns) {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i += 2) {
            row.put(columns[i], columns[i + 1]);
        }
        return Tuple.of(row);
    }

    /** Rows by the key that the server compares. */
    private static final class Table {

        private final Map<String, Map<String, @Nullable String>> rows = new TreeMap<>();

        Table copy() {
            Table copy = new Table();
            rows.forEach((key, row) -> copy.rows.put(key, new LinkedHashMap<>(row)));
            return copy;
        }

        static String folded(String key) {
            return key.toLowerCase(java.util.Locale.ROOT);
        }

        void insert(Map<String, @Nullable String> row) {
            assertThat(rows.putIfAbsent(folded(row.get("k")), new LinkedHashMap<>(row)))
                    .as("no row with this key is there")
                    .isNull();
            assertUnique();
        }

        Map<String, @Nullable String> remove(String key) {
            return Objects.requireNonNull(rows.remove(folded(key)), "the row is there");
        }

        /** In the order in which the sets are written; a set of updates is done at once. */
        void apply(NetChanges net) {
            net.deletes().forEach(key -> remove(key.value(0)));
            List<Map<String, @Nullable String>> updated = new ArrayList<>();
            for (NetChanges.RowUpdate update : net.updates()) {
                Map<String, @Nullable String> row = remove(update.key().value(0));
                row.putAll(update.values().toMap());
                updated.add(row);
            }
            updated.forEach(row ->
                    assertThat(rows.putIfAbsent(folded(row.get("k")), row)).isNull());
            assertUnique();
            net.inserts().forEach(row -> insert(row.toMap()));
        }

        private void assertUnique() {
            Set<String> values = new HashSet<>();
            rows.values().forEach(row -> {
                if (row.get("u") != null) {
                    assertThat(values.add(row.get("u"))).as("u is unique").isTrue();
                }
            });
        }
    }

    /** Makes changes that the source would accept, and applies them. */
    private static final class Source {

        private final Random random;
        private final Table table = new Table();
        private final List<ChangeEvent> changes = new ArrayList<>();

        Source(Random random) {
            this.random = random;
        }

        void change(int times) {
            for (int i = 0; i < times; i++) {
                String key = String.valueOf(KEYS.charAt(random.nextInt(KEYS.length())));
                Map<String, @Nullable String> row = table.rows.get(Table.folded(key));
                if (row == null) {
                    insert(key);
                } else if (random.nextInt(4) == 0) {
                    table.remove(key);
                    changes.add(new ChangeEvent.Delete(TABLE, row("k", row.get("k"))));
                } else {
                    update(row);
                }
            }
        }

        private void insert(String key) {
            Map<String, @Nullable String> row = new LinkedHashMap<>();
            row.put("k", key);
            row.put("u", freeValue());
            row.put("long", value());
            row.put("v", value());
            table.insert(row);
            changes.add(new ChangeEvent.Insert(TABLE, Tuple.of(row)));
        }

        private void update(Map<String, @Nullable String> row) {
            String old = row.get("k");
            table.remove(old);
            Map<String, @Nullable String> now = new LinkedHashMap<>();
            now.put("k", keyFor(old));
            if (random.nextBoolean()) {
                now.put("u", freeValue());
            }
            if (random.nextBoolean()) {
                now.put("long", value());
            }
            now.put("v", value());
            row.putAll(now);
            table.insert(row);
            changes.add(new ChangeEvent.Update(TABLE, row("k", old), Tuple.of(now)));
        }

        private String keyFor(String old) {
            String wish = String.valueOf(KEYS.charAt(random.nextInt(KEYS.length())));
            return random.nextInt(3) > 0 || table.rows.containsKey(Table.folded(wish)) ? old : wish;
        }

        private @Nullable String freeValue() {
            String wish = String.valueOf(random.nextInt(6));
            boolean taken = table.rows.values().stream().anyMatch(row -> wish.equals(row.get("u")));
            return taken ? null : wish;
        }

        private @Nullable String value() {
            return random.nextInt(5) == 0 ? null : String.valueOf(random.nextInt(100));
        }
    }
}
