package io.changeover.sink.plan;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes changes that a source accepts one by one, and says them as its WAL would. */
final class RandomChanges {

    /** What the old row says: its key, a unique index, or everything. */
    enum Identity {
        KEY(ModelTable.PRIMARY_KEY, ModelTable.PRIMARY_KEY),
        INDEX(ModelTable.INDEX, ModelTable.INDEX),
        FULL(ModelTable.PRIMARY_KEY, ModelTable.COLUMNS);

        private final List<String> key;
        private final List<String> sent;

        Identity(List<String> key, List<String> sent) {
            this.key = key;
            this.sent = sent;
        }

        /** By which rows are told apart. */
        List<String> key() {
            return key;
        }
    }

    private static final TableName TABLE = new TableName("public", "t");
    private static final Map<String, List<String>> VALUES = Map.of(
            "k", List.of("a", "A", "b", "B", "1", "1.0", "1.00", "2", "2.0"),
            "l", List.of("x", "X", "long"),
            "c", List.of("0", "1", "2", "3", "4", "5", "6", "7"),
            "active", List.of("t", "t", "f"),
            "e", List.of("a", "A", "b", "B", "c", "d", "E", "e"),
            "r", List.of("01", "12", "23", "34", "02", "13", "56", "47", "78", "89"));
    private static final List<String> OTHER_VALUES = List.of("0", "1", "2", "3", "4", "5");

    private final Random random;
    private final Identity identity;
    private final ModelTable table;
    private final List<ChangeEvent> changes = new ArrayList<>();

    RandomChanges(Random random, Identity identity, ModelTable table) {
        this.random = random;
        this.identity = identity;
        this.table = table;
    }

    ModelTable table() {
        return table;
    }

    /** Transactions, all of which commit. */
    static RandomChanges of(Random random, Identity identity, ModelTable start, int transactions) {
        RandomChanges committed = new RandomChanges(random, identity, start.copy());
        for (int i = 0; i < transactions; i++) {
            RandomChanges attempt = new RandomChanges(random, identity, committed.table.copy());
            attempt.changes.addAll(committed.changes);
            attempt.transaction(1 + random.nextInt(8));
            try {
                attempt.table.checkDeferred();
                committed = attempt;
            } catch (ModelTable.Violation rolledBack) {
                // as if it had not been
            }
        }
        return committed;
    }

    List<ChangeEvent> changes() {
        return List.copyOf(changes);
    }

    private void transaction(int statements) {
        for (int i = 0; i < statements; i++) {
            switch (table.size() == 0 ? 0 : random.nextInt(9)) {
                case 0, 1 -> insert(anyRow());
                case 2 -> delete(anyOf());
                case 3 -> reinsert();
                case 4 -> swap(random.nextBoolean() ? "u" : "c");
                case 5 -> swap("k");
                default -> update(anyOf(), someValues());
            }
        }
    }

    private void insert(Map<String, @Nullable String> row) {
        if (isAccepted(() -> table.insert(row))) {
            changes.add(new ChangeEvent.Insert(TABLE, Tuple.of(row)));
        }
    }

    private void delete(Map<String, @Nullable String> row) {
        table.delete(part(row, ModelTable.PRIMARY_KEY));
        changes.add(new ChangeEvent.Delete(TABLE, Tuple.of(part(row, identity.sent))));
    }

    /** Long values that stay as they are need not be sent, not even those of a key. */
    private boolean update(Map<String, @Nullable String> row, Map<String, @Nullable String> values) {
        if (!isAccepted(() -> table.update(part(row, ModelTable.PRIMARY_KEY), values))) {
            return false;
        }
        Map<String, @Nullable String> after = new LinkedHashMap<>(row);
        after.putAll(values);
        for (String column : List.of("big", "l")) {
            if (Objects.equals(row.get(column), after.get(column)) && random.nextInt(3) > 0) {
                after.remove(column);
            }
        }
        changes.add(new ChangeEvent.Update(TABLE, Tuple.of(part(row, identity.sent)), Tuple.of(after)));
        return true;
    }

    /** A row goes and comes again, perhaps with another text for the same key. */
    private void reinsert() {
        Map<String, @Nullable String> row = anyOf();
        delete(row);
        if (random.nextBoolean()) {
            row.put("k", value("k"));
        }
        row.put("v", value("v"));
        insert(row);
    }

    /** Two rows exchange a value through one that nobody has. */
    private void swap(String column) {
        Map<String, @Nullable String> one = anyOf();
        Map<String, @Nullable String> other = anyOf();
        if (one.equals(other)) {
            return;
        }
        String first = one.get(column);
        if (update(one, value(column, "free"))) {
            Map<String, @Nullable String> away = new LinkedHashMap<>(one);
            away.put(column, "free");
            update(other, value(column, first));
            update(away, value(column, random.nextInt(4) == 0 ? value(column) : other.get(column)));
        }
    }

    private boolean isAccepted(Runnable statement) {
        try {
            statement.run();
            return true;
        } catch (ModelTable.Violation refused) {
            return false;
        }
    }

    private Map<String, @Nullable String> anyOf() {
        return table.row(random.nextInt(table.size()));
    }

    private Map<String, @Nullable String> anyRow() {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        ModelTable.COLUMNS.forEach(column -> row.put(column, value(column)));
        return row;
    }

    private Map<String, @Nullable String> someValues() {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (String column : ModelTable.COLUMNS) {
            if (random.nextInt(4) == 0) {
                values.put(column, value(column));
            }
        }
        return values;
    }

    private @Nullable String value(String column) {
        if (random.nextInt(6) == 0 && !ModelTable.PRIMARY_KEY.contains(column)) {
            return null;
        }
        List<String> values = VALUES.getOrDefault(column, OTHER_VALUES);
        return values.get(random.nextInt(values.size()));
    }

    private static Map<String, @Nullable String> value(String column, @Nullable String value) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        values.put(column, value);
        return values;
    }

    private static Map<String, @Nullable String> part(Map<String, @Nullable String> row, List<String> columns) {
        Map<String, @Nullable String> part = new LinkedHashMap<>();
        columns.forEach(column -> part.put(column, row.get(column)));
        return part;
    }
}
