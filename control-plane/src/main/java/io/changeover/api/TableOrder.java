package io.changeover.api;

import io.changeover.lag.TableProgress;
import io.changeover.lag.TableProgress.LoadState;
import io.changeover.postgres.TableName;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An order of tables. Tables with the same value are in order of name, so that each has one place.
 *
 * @param by the value that they are ordered by
 */
record TableOrder(Column by, boolean descending) implements Comparator<TableOrder.Place> {

    /** What a list begins with if nothing else is asked for. */
    static final TableOrder BY_NAME = new TableOrder(Column.TABLE, false);

    /**
     * Where a table stands in an order.
     *
     * @param value what it is ordered by
     */
    record Place(long value, TableName table) {}

    /** Values that tables can be ordered by; the words are those of the answer. */
    enum Column {
        TABLE("table"),
        STATE("state"),
        ROWS("rows"),
        ESTIMATED_ROWS("estimatedRows"),
        BYTES("bytes"),
        ROWS_PER_SECOND("rowsPerSecond"),
        INSERTS("inserts"),
        UPDATES("updates"),
        DELETES("deletes"),
        TRUNCATES("truncates"),
        PENDING("pending"),
        /** What a person wants to see first: what cannot be loaded, then what is being loaded, then what is large. */
        ACTIVITY("activity");

        private final String word;

        Column(String word) {
            this.word = word;
        }

        private long of(TableProgress table) {
            return switch (this) {
                case TABLE -> 0;
                case STATE -> stage(table.state());
                case ROWS -> table.rows();
                case ESTIMATED_ROWS -> table.estimatedRows();
                case BYTES -> table.bytes();
                case ROWS_PER_SECOND -> Math.round(table.rowsPerSecond());
                case INSERTS -> table.applied().inserts();
                case UPDATES -> table.applied().updates();
                case DELETES -> table.applied().deletes();
                case TRUNCATES -> table.applied().truncates();
                case PENDING -> table.pending();
                case ACTIVITY -> activity(table);
            };
        }
    }

    /** Reads {@code rows} or {@code -rows}; anything else is a bad request. */
    static TableOrder parse(String text) {
        boolean descending = text.startsWith("-");
        String word = descending ? text.substring(1) : text;
        Optional<Column> column = Arrays.stream(Column.values())
                .filter(each -> each.word.equals(word))
                .findFirst();
        return new TableOrder(
                column.orElseThrow(() -> Problem.badRequest(
                        ProblemCode.WRONG_PARAMETER,
                        "sort must be one of " + words() + ", with - before it for the largest first; not " + text)),
                descending);
    }

    private static String words() {
        return Arrays.stream(Column.values()).map(each -> each.word).collect(Collectors.joining(", "));
    }

    private static long stage(LoadState state) {
        return switch (state) {
            case WAITING -> 0;
            case LOADING -> 1;
            case CATCHING_UP -> 2;
            case LOADED -> 3;
        };
    }

    private static long activity(TableProgress table) {
        long first = Long.MAX_VALUE / 4;
        boolean loaded = table.state() == LoadState.LOADED;
        return (table.error().isPresent() && !loaded ? 2 * first : 0)
                + (table.state() == LoadState.LOADING ? first : 0)
                + Math.min(
                        first - 1,
                        table.rows()
                                + table.applied().inserts()
                                + table.applied().updates()
                                + table.applied().deletes());
    }

    /** The table's place. */
    Place place(TableProgress table) {
        return new Place(by.of(table), table.table());
    }

    @Override
    public int compare(Place one, Place other) {
        if (by == Column.TABLE) {
            return descending
                    ? other.table().compareTo(one.table())
                    : one.table().compareTo(other.table());
        }
        int byValue = descending ? Long.compare(other.value(), one.value()) : Long.compare(one.value(), other.value());
        return byValue != 0 ? byValue : one.table().compareTo(other.table());
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return (descending ? "-" : "") + by.word;
    }
}
