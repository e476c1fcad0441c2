package io.changeover.contract;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts long values together again: takes the pieces and gives the change that they belong to with all its columns.
 * Holds the pieces until their change comes, and makes no copy of them. Not thread-safe; for one stream, whose events
 * are given once.
 */
public final class LongValues {

    private record Column(boolean after, String name) {}

    private final Map<Column, List<String>> values = new LinkedHashMap<>();

    /** Whether nothing is held. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** Forgets what is held: the transaction was cut off. */
    public void clear() {
        values.clear();
    }

    /**
     * Takes an event.
     *
     * @return the event to go on with; null for a piece
     * @throws IllegalStateException if a piece is missing
     */
    public @Nullable ChangeEvent take(ChangeEvent event) {
        if (event instanceof ChangeEvent.Piece piece) {
            add(piece);
            return null;
        }
        if (values.isEmpty()) {
            return event;
        }
        ChangeEvent whole = complete(event);
        values.clear();
        return whole;
    }

    private void add(ChangeEvent.Piece piece) {
        List<String> parts =
                values.computeIfAbsent(new Column(piece.after(), piece.column()), column -> new ArrayList<>());
        if (parts.size() != piece.index()) {
            throw new IllegalStateException("Of a long value of column " + piece.column() + " part " + parts.size()
                    + " is missing: part " + piece.index() + " came");
        }
        parts.add(piece.text());
    }

    private ChangeEvent complete(ChangeEvent event) {
        if (event instanceof ChangeEvent.Insert insert) {
            return new ChangeEvent.Insert(insert.table(), with(true, insert.after()));
        } else if (event instanceof ChangeEvent.Update update) {
            return new ChangeEvent.Update(update.table(), with(false, update.before()), with(true, update.after()));
        } else if (event instanceof ChangeEvent.Delete delete) {
            return new ChangeEvent.Delete(delete.table(), with(false, delete.before()));
        }
        return event; // the transaction was cut off, and comes again
    }

    private Tuple with(boolean after, Tuple tuple) {
        Tuple whole = tuple;
        for (Map.Entry<Column, List<String>> value : values.entrySet()) {
            if (value.getKey().after() == after) {
                whole = whole.plus(value.getKey().name(), value.getValue());
            }
        }
        return whole;
    }
}
