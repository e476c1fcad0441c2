package io.changeover.sink.rows;

import io.changeover.contract.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What changes of one table come to when the last one of a key wins. Deletes are executed first: they free values that
 * other rows take. Rows are told apart by the text of their key; a source that sends two texts of one value deletes the
 * one before it writes the other.
 *
 * @param deletes keys that are gone, also those that are written again
 * @param updates columns of rows that are there
 * @param replaced whole rows, that may be there
 * @param fresh whole rows, of which the source says that they are new
 */
record NetRows(List<Tuple> deletes, List<Update> updates, List<Tuple> replaced, List<Tuple> fresh) {
    NetRows {
        deletes = List.copyOf(deletes);
        updates = List.copyOf(updates);
        replaced = List.copyOf(replaced);
        fresh = List.copyOf(fresh);
    }

    /** Columns of a row that is there, its key's among them. */
    record Update(Tuple key, Tuple values) {}

    /** Rows that are all new, whatever their keys: for tables that are only added to. */
    static Optional<NetRows> added(List<RowChange> changes) {
        boolean onlyRows = changes.stream().allMatch(each -> each.kind() == RowChange.Kind.WRITE && !each.isPartial());
        List<Tuple> rows = changes.stream().map(RowChange::row).toList();
        return onlyRows ? Optional.of(new NetRows(List.of(), List.of(), List.of(), rows)) : Optional.empty();
    }

    /**
     * What they come to by key.
     *
     * @return empty if that cannot be told without what the target has: a key that changes, or columns of a row that
     *     was deleted before
     */
    static Optional<NetRows> of(List<RowChange> changes) {
        Map<Object, Row> rows = new LinkedHashMap<>();
        for (RowChange change : changes) {
            Row row = rows.computeIfAbsent(identity(change.key()), key -> new Row(change));
            if (!row.take(change)) {
                return Optional.empty();
            }
        }
        return Optional.of(net(rows));
    }

    /** What they come to if no row may be new: keys to whole rows and to parts of them alike. */
    static Optional<NetRows> updatesOnly(List<RowChange> changes) {
        return of(changes.stream().map(RowChange::asPartial).toList())
                .filter(net -> net.deletes().isEmpty());
    }

    private static NetRows net(Map<Object, Row> rows) {
        List<Tuple> deletes = new ArrayList<>();
        List<Update> updates = new ArrayList<>();
        List<Tuple> replaced = new ArrayList<>();
        List<Tuple> fresh = new ArrayList<>();
        for (Row row : rows.values()) {
            if (row.isDeleted) {
                deletes.add(row.key);
            }
            if (row.values != null && row.isPartial) {
                updates.add(new Update(row.key, row.values));
            } else if (row.values != null) {
                (row.isFresh ? fresh : replaced).add(row.values);
            }
        }
        return new NetRows(deletes, updates, replaced, fresh);
    }

    private static Object identity(Tuple key) {
        if (key.size() == 1) {
            return String.valueOf(key.value(0));
        }
        List<@Nullable String> texts = new ArrayList<>(key.size());
        for (int i = 0; i < key.size(); i++) {
            texts.add(key.value(i));
        }
        return texts;
    }

    /** A row between two changes. */
    private static final class Row {

        private final Tuple key;
        private final boolean isFresh;
        private boolean isDeleted;
        private boolean isPartial = true;
        private @Nullable Tuple values;

        Row(RowChange first) {
            key = first.key();
            isFresh = first.isNew();
        }

        boolean take(RowChange change) {
            return switch (change.kind()) {
                case WRITE -> write(change);
                case DELETE -> delete();
                case MOVE, TRUNCATE -> false;
            };
        }

        private boolean write(RowChange change) {
            if (change.isPartial() && values == null && isDeleted) {
                return false;
            }
            values = values == null ? change.row() : overlay(values, change.row());
            isPartial &= change.isPartial();
            return true;
        }

        private boolean delete() {
            isDeleted = true;
            isPartial = true;
            values = null;
            return true;
        }

        /** Columns that were not sent keep what they had. */
        private static Tuple overlay(Tuple base, Tuple newer) {
            if (newer.names().equals(base.names())) {
                return newer;
            }
            Map<String, @Nullable String> merged = new LinkedHashMap<>(base.toMap());
            merged.putAll(newer.toMap());
            return Tuple.of(merged);
        }
    }
}
