package io.changeover.sink.plan;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the changes of one table come to, row by row: every row is deleted, updated or inserted once at most. Written as
 * sets in the order deletes, updates, inserts they give the same rows as the changes one by one.
 *
 * <p>Deletes free values that later ones need; after the updates every row that is left is as it will be, a part of a
 * state that the source had; inserts add to it. So no constraint can be violated but, row by row, inside the set of
 * updates, where one row takes the value that another one is about to give away: then the server says so, and the
 * changes have to be written one by one. Nor can an update find the wrong row: a row that takes the key of one whose
 * turn has not come collides with it.
 *
 * <p>Rows are told apart by the text of their key. Texts that PostgreSQL takes for equal (1.0 and 1.00) are different
 * rows here, one of which goes before the other one comes.
 *
 * @param deletes keys of rows that were there before
 * @param updates of rows that were there before
 * @param inserts rows that are new, whole
 */
public record NetChanges(List<Tuple> deletes, List<RowUpdate> updates, List<Tuple> inserts) {
    public NetChanges {
        deletes = List.copyOf(deletes);
        updates = List.copyOf(updates);
        inserts = List.copyOf(inserts);
    }

    /**
     * A row that stays, with other values.
     *
     * @param key its key before
     * @param values the columns that were sent, the key among them if it changes
     */
    public record RowUpdate(Tuple key, Tuple values) {}

    /**
     * Computes them.
     *
     * @param key the names of the columns that tell rows apart at every moment, none of them ever NULL
     * @param changes inserts, updates and deletes of the table, in the source's order
     * @return empty if that cannot be told from the changes
     */
    public static Optional<NetChanges> of(List<String> key, List<ChangeEvent> changes) {
        Computation computation = new Computation(key);
        for (ChangeEvent change : changes) {
            if (!computation.take(change)) {
                return Optional.empty();
            }
        }
        return Optional.of(computation.result());
    }

    /**
     * Inserts alone, of a table with or without a key: they are their own net effect, in their order.
     *
     * @return empty if there is another change among them
     */
    public static Optional<NetChanges> ofInserts(List<ChangeEvent> changes) {
        List<Tuple> rows = new ArrayList<>(changes.size());
        for (ChangeEvent change : changes) {
            if (!(change instanceof ChangeEvent.Insert insert)) {
                return Optional.empty();
            }
            rows.add(insert.after());
        }
        return Optional.of(new NetChanges(List.of(), List.of(), rows));
    }

    /** The state of rows between two changes. */
    private static final class Computation {

        /** A row that is there now and was touched. */
        private static final class Row {

            private final @Nullable Tuple origin;
            private @Nullable Tuple values;

            /**
             * A row.
             *
             * @param origin its key before the changes; null if it is new
             */
            Row(@Nullable Tuple origin, @Nullable Tuple values) {
                this.origin = origin;
                this.values = values;
            }
        }

        private final List<String> key;
        private final Map<Object, Row> rows = new LinkedHashMap<>();
        private final List<Tuple> deletes = new ArrayList<>();
        private final Places before = new Places();
        private final Places after = new Places();

        Computation(List<String> key) {
            this.key = List.copyOf(key);
        }

        boolean take(ChangeEvent change) {
            if (change instanceof ChangeEvent.Insert insert) {
                return insert(insert.after());
            } else if (change instanceof ChangeEvent.Update update) {
                return update(update.before(), update.after());
            } else if (change instanceof ChangeEvent.Delete delete) {
                return delete(delete.before());
            }
            return false;
        }

        private boolean insert(Tuple row) {
            int[] places = after.of(row.names());
            if (!isWhole(row, places)) {
                return false;
            }
            return rows.putIfAbsent(identity(row, places), new Row(null, row)) == null;
        }

        private boolean delete(Tuple old) {
            int[] places = before.of(old.names());
            if (!isWhole(old, places)) {
                return false;
            }
            Row row = rows.remove(identity(old, places));
            if (row == null) {
                deletes.add(key(old, places));
            } else if (row.origin != null) {
                deletes.add(row.origin);
            }
            return true;
        }

        private boolean update(Tuple old, Tuple now) {
            int[] places = before.of(old.names());
            if (!isWhole(old, places)) {
                return false;
            }
            int[] placesNow = after.of(now.names());
            Object identity = identity(old, places);
            if (isSameKey(old, places, now, placesNow)) {
                Row row = rows.get(identity);
                if (row == null) {
                    rows.put(identity, new Row(key(old, places), now));
                } else {
                    row.values = overlay(row.values, now);
                }
                return true;
            }
            Row row = rows.remove(identity);
            Row moved = row == null ? new Row(key(old, places), now) : row;
            if (row != null) {
                moved.values = overlay(row.values, now);
            }
            return rows.putIfAbsent(identityAfter(old, places, now, placesNow), moved) == null;
        }

        NetChanges result() {
            List<RowUpdate> updates = new ArrayList<>();
            List<Tuple> inserts = new ArrayList<>();
            for (Row row : rows.values()) {
                Tuple values = row.values == null ? Tuple.EMPTY : row.values;
                if (row.origin == null) {
                    inserts.add(values);
                } else {
                    updates.add(new RowUpdate(row.origin, values));
                }
            }
            return new NetChanges(deletes, updates, inserts);
        }

        private static boolean isWhole(Tuple row, int[] places) {
            for (int place : places) {
                if (place < 0 || row.value(place) == null) {
                    return false;
                }
            }
            return true;
        }

        private static Object identity(Tuple row, int[] places) {
            if (places.length == 1) {
                return String.valueOf(row.value(places[0]));
            }
            List<@Nullable String> texts = new ArrayList<>(places.length);
            for (int place : places) {
                texts.add(row.value(place));
            }
            return texts;
        }

        /** A key column that was not sent is as it was. */
        private static Object identityAfter(Tuple old, int[] places, Tuple now, int[] placesNow) {
            List<@Nullable String> texts = new ArrayList<>(places.length);
            for (int i = 0; i < places.length; i++) {
                texts.add(placesNow[i] < 0 ? old.value(places[i]) : now.value(placesNow[i]));
            }
            return texts.size() == 1 ? String.valueOf(texts.get(0)) : texts;
        }

        private static boolean isSameKey(Tuple old, int[] places, Tuple now, int[] placesNow) {
            for (int i = 0; i < places.length; i++) {
                if (placesNow[i] >= 0 && !Objects.equals(old.value(places[i]), now.value(placesNow[i]))) {
                    return false;
                }
            }
            return true;
        }

        private Tuple key(Tuple row, int[] places) {
            @Nullable String[] values = new String[places.length];
            for (int i = 0; i < places.length; i++) {
                values[i] = row.value(places[i]);
            }
            return Tuple.of(key, values);
        }

        /** Columns that were not sent keep what they had. */
        private static Tuple overlay(@Nullable Tuple base, Tuple newer) {
            if (base == null || newer.names().equals(base.names())) {
                return newer;
            }
            Map<String, @Nullable String> merged = new LinkedHashMap<>(base.toMap());
            merged.putAll(newer.toMap());
            return Tuple.of(merged);
        }

        /** Where the key's columns are in rows of the same columns, which come one after the other. */
        private final class Places {

            private final Map<List<String>, int[]> known = new HashMap<>();
            private List<String> last = List.of();
            private int[] places = new int[0];

            @SuppressWarnings("ReferenceEquality") // the rows of a record share the list of their columns
            int[] of(List<String> names) {
                if (names != last || places.length != key.size()) {
                    places = known.computeIfAbsent(
                            names, each -> key.stream().mapToInt(each::indexOf).toArray());
                    last = names;
                }
                return places;
            }
        }
    }
}
