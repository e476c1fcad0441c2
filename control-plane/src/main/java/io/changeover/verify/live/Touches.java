package io.changeover.verify.live;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.ColumnDefinition;
import io.changeover.contract.TableDefinition;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads of the change topic which rows change. The topic, not the sink, says it: a sink that lost a change would not
 * know of it either. A change whose transaction comes again, or was cut off, is asked for once more, which does no
 * harm. Not thread-safe.
 */
final class Touches {

    private final Function<TableName, Optional<TableTrack>> tracks;
    private final Map<TableName, TableDefinition> definitions = new HashMap<>();

    Touches(Function<TableName, Optional<TableTrack>> tracks) {
        this.tracks = tracks;
    }

    /**
     * Takes a change.
     *
     * @param offset of the record that holds it
     */
    void see(ChangeEvent event, long offset) {
        if (event instanceof ChangeEvent.Insert insert) {
            touch(insert.table(), Tuple.EMPTY, insert.after(), offset);
        } else if (event instanceof ChangeEvent.Update update) {
            touch(update.table(), update.before(), update.after(), offset);
        } else if (event instanceof ChangeEvent.Delete delete) {
            touch(delete.table(), delete.before(), Tuple.EMPTY, offset);
        } else if (event instanceof ChangeEvent.Truncate truncate) {
            tracks.apply(truncate.table())
                    .ifPresent(track -> track.forget("emptied on the source: it is compared anew"));
        } else if (event instanceof ChangeEvent.Definition definition) {
            define(definition.definition());
        }
    }

    private void touch(TableName table, Tuple before, Tuple after, long offset) {
        TableTrack track = tracks.apply(table).orElse(null);
        Optional<ComparedTable> shape = track == null ? Optional.empty() : track.shape();
        if (track == null || shape.isEmpty()) {
            return;
        }
        List<String> key = shape.get().key();
        if (key.isEmpty()) {
            track.touched();
            return;
        }
        Optional<RowKey> old = key(key, before, before);
        Optional<RowKey> now = key(key, after, before);
        if ((before.size() > 0 && old.isEmpty()) || (after.size() > 0 && now.isEmpty())) {
            track.spoil("a change of it came without its key: it is compared anew");
            return;
        }
        old.ifPresent(row -> track.touched(row, offset));
        now.filter(row -> !row.equals(old.orElse(null))).ifPresent(row -> track.touched(row, offset));
    }

    /** A column that was not sent is as it was. */
    private static Optional<RowKey> key(List<String> names, Tuple tuple, Tuple before) {
        if (tuple.size() == 0) {
            return Optional.empty();
        }
        List<String> values = new ArrayList<>();
        for (String name : names) {
            Tuple from = tuple.indexOf(name) >= 0 ? tuple : before;
            int index = from.indexOf(name);
            String value = index < 0 ? null : from.value(index);
            if (value == null) {
                return Optional.empty();
            }
            values.add(value);
        }
        return Optional.of(new RowKey(values));
    }

    /** It is said again with each run of the capture; only another one matters. */
    private void define(TableDefinition definition) {
        TableDefinition known = definitions.put(definition.table(), definition);
        String sum = sum(definition);
        tracks.apply(definition.table()).ifPresent(track -> {
            boolean unlikeRemembered = known == null
                    && track.definition().filter(before -> !before.equals(sum)).isPresent();
            boolean unknownColumn = track.shape()
                    .filter(shape -> !shape.columns().containsAll(names(definition)))
                    .isPresent();
            if (unknownColumn || unlikeRemembered || (known != null && !isSame(known, definition))) {
                track.spoil("altered on the source: it is compared anew");
            }
            track.defined(sum);
        });
    }

    private static boolean isSame(TableDefinition one, TableDefinition other) {
        if (one.columns().size() != other.columns().size()) {
            return false;
        }
        for (int i = 0; i < one.columns().size(); i++) {
            if (!one.columns().get(i).isSame(other.columns().get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The same for definitions that are the same. */
    private static String sum(TableDefinition definition) {
        return Sum.of(definition.columns().stream()
                .map(column -> column.number() + " " + column.name() + " " + column.type())
                .collect(Collectors.joining("\n")));
    }

    private static List<String> names(TableDefinition definition) {
        return definition.columns().stream().map(ColumnDefinition::name).collect(Collectors.toList());
    }
}
