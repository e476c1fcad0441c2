package io.changeover.sink.apply;

import io.changeover.contract.Tuple;
import io.changeover.sink.group.ChangeSize;
import io.changeover.sink.plan.NetChanges;
import io.changeover.sink.target.TargetColumn;
import io.changeover.sink.target.TargetTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The net changes of a table as statements take them, rows of equal columns together.
 *
 * @param deletes keys
 * @param updates by the columns that are set
 * @param inserts by the columns that are sent
 */
record RowSets(Rows deletes, List<Updates> updates, List<Rows> inserts) {

    /** Some columns of some rows. */
    static final class Rows {

        private final List<String> columns;
        private final int[] places;
        private final List<Tuple> tuples;

        /**
         * Columns of rows.
         *
         * @param columns their names
         * @param places where they are in each tuple
         */
        private Rows(List<String> columns, int[] places, List<Tuple> tuples) {
            this.columns = columns;
            this.places = places;
            this.tuples = tuples;
        }

        List<String> columns() {
            return columns;
        }

        private void add(Tuple tuple) {
            tuples.add(tuple);
        }

        boolean isEmpty() {
            return tuples.isEmpty();
        }

        int size() {
            return tuples.size();
        }

        @Nullable
        String value(int row, int column) {
            return tuples.get(row).value(places[column]);
        }

        /** A column of some rows, the last of which is before {@code to}. */
        @Nullable
        String[] column(int column, int from, int to) {
            @Nullable String[] values = new String[to - from];
            for (int row = from; row < to; row++) {
                values[row - from] = value(row, column);
            }
            return values;
        }

        /** About how much memory a row takes. */
        long bytes(int row) {
            return ChangeSize.of(tuples.get(row));
        }
    }

    /** Rows at the same places: which ones, and what they are set to. */
    record Updates(Rows keys, Rows values) {

        List<String> columns() {
            return values.columns();
        }
    }

    /**
     * Empty if the statements cannot write them: if an update would set a column that only an insert may set, or if an
     * update or delete would have to cast text to a type whose cast does not read what the type writes. COPY does not
     * cast.
     */
    static Optional<RowSets> of(TargetTable table, NetChanges net) {
        RowSets sets = new RowSets(keys(net.deletes()), updates(table, net), inserts(table, net));
        boolean settable = sets.updates().stream()
                .flatMap(each -> each.columns().stream())
                .noneMatch(name -> column(table, name).identityAlways());
        boolean castable = sets.casts().noneMatch(name -> column(table, name).castByFunction());
        boolean insertable =
                sets.inserts().stream().noneMatch(each -> each.columns().isEmpty());
        return settable && castable && insertable ? Optional.of(sets) : Optional.empty();
    }

    /** Columns whose values statements cast. */
    private Stream<String> casts() {
        Stream<String> ofUpdates = updates.stream()
                .flatMap(each -> Stream.concat(each.keys().columns().stream(), each.columns().stream()));
        return Stream.concat(deletes.columns().stream(), ofUpdates);
    }

    private static Rows keys(List<Tuple> keys) {
        List<String> names = keys.isEmpty() ? List.of() : keys.get(0).names();
        return new Rows(
                names,
                places(names, names),
                keys.stream().sorted(KeyOrder.INSTANCE).toList());
    }

    @SuppressWarnings("ReferenceEquality") // the rows of a record share the list of their columns
    private static List<Rows> inserts(TargetTable table, NetChanges net) {
        Map<List<String>, Rows> byNames = new LinkedHashMap<>();
        List<String> lastNames = List.of();
        Rows last = rows(table, lastNames, List.of());
        for (Tuple row : net.inserts()) {
            if (row.names() != lastNames || byNames.isEmpty()) {
                lastNames = row.names();
                last = byNames.computeIfAbsent(lastNames, names -> rows(table, names, List.of()));
            }
            last.add(row);
        }
        return List.copyOf(byNames.values());
    }

    private static Rows rows(TargetTable table, List<String> names, List<String> without) {
        List<String> columns = names.stream()
                .filter(name -> !column(table, name).generated() && !without.contains(name))
                .toList();
        return new Rows(columns, places(columns, names), new ArrayList<>());
    }

    /** A key that stays is not set: its index need not be touched. */
    private static List<Updates> updates(TargetTable table, NetChanges net) {
        Map<List<String>, Updates> stays = new LinkedHashMap<>();
        Map<List<String>, Updates> moves = new LinkedHashMap<>();
        for (NetChanges.RowUpdate update : inOrderOfKey(net.updates())) {
            boolean staying = stays(update);
            Updates rows = (staying ? stays : moves)
                    .computeIfAbsent(update.values().names(), names -> {
                        List<String> key = update.key().names();
                        return new Updates(
                                new Rows(key, places(key, key), new ArrayList<>()),
                                rows(table, names, staying ? key : List.of()));
                    });
            rows.keys().add(update.key());
            rows.values().add(update.values());
        }
        List<Updates> all = new ArrayList<>(stays.values());
        all.addAll(moves.values());
        all.removeIf(each -> each.columns().isEmpty());
        return all;
    }

    private static List<NetChanges.RowUpdate> inOrderOfKey(List<NetChanges.RowUpdate> updates) {
        return updates.stream()
                .sorted(Comparator.comparing(NetChanges.RowUpdate::key, KeyOrder.INSTANCE))
                .toList();
    }

    private static boolean stays(NetChanges.RowUpdate update) {
        for (int i = 0; i < update.key().size(); i++) {
            int place = update.values().indexOf(update.key().names().get(i));
            if (place >= 0
                    && !Objects.equals(update.key().value(i), update.values().value(place))) {
                return false;
            }
        }
        return true;
    }

    private static int[] places(List<String> columns, List<String> names) {
        Map<String, Integer> known = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            known.put(names.get(i), i);
        }
        return columns.stream().mapToInt(known::get).toArray();
    }

    private static TargetColumn column(TargetTable table, String name) {
        return table.column(name).orElseThrow(() -> new UnknownColumnException(table.name(), name));
    }
}
