package io.changeover.capture.wal;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects the columns of one tuple. Short values become strings; long ones are passed on in pieces at once, so that no
 * record has to hold them and nobody here copies them. Not thread-safe, used again for every row.
 */
final class RowReader {

    /** Longer values travel in pieces of this length; JSON makes at most six bytes of one. */
    static final int PIECE = 128 * 1024;

    private static final int ROW = 2 * PIECE;
    private static final int SHORT = 1024;

    private Relation relation;
    private boolean after;
    private int[] positions = new int[16];
    private @Nullable String[] values = new String[16];
    private int count;
    private int chars;

    RowReader(Relation relation) {
        this.relation = relation;
    }

    /**
     * Begins a tuple.
     *
     * @param isAfter whether it is the new row
     */
    RowReader begin(Relation of, boolean isAfter) {
        relation = of;
        after = isAfter;
        count = 0;
        chars = 0;
        int columns = of.columns().size();
        if (values.length < columns) {
            positions = new int[columns];
            values = new String[columns];
        }
        return this;
    }

    void addNull(int column) {
        put(column, null);
    }

    /** Adds a column's text, or sends it ahead. */
    void add(int column, byte[] bytes, int from, int length, WalDecoder.Sink sink) throws InterruptedException {
        if (length > PIECE || (chars > ROW && length > SHORT)) {
            sendAhead(column, bytes, from, length, sink);
        } else {
            put(column, text(column, bytes, from, length));
            chars += length;
        }
    }

    private void put(int column, @Nullable String value) {
        positions[count] = column;
        values[count] = value;
        count++;
    }

    private void sendAhead(int column, byte[] bytes, int from, int length, WalDecoder.Sink sink)
            throws InterruptedException {
        String name = relation.columns().get(column);
        int sent = 0;
        for (int part = 0; sent < length; part++) {
            int rest = length - sent;
            int size = rest <= PIECE ? rest : Utf8.wholeCharacters(bytes, from + sent, PIECE);
            if (size == 0) {
                throw notText(column);
            }
            sink.accept(new ChangeEvent.Piece(after, name, part, length, text(column, bytes, from + sent, size)), size);
            sent += size;
        }
    }

    private String text(int column, byte[] bytes, int from, int length) {
        try {
            return Utf8.text(bytes, from, length);
        } catch (IllegalArgumentException e) {
            throw notText(column);
        }
    }

    private UndecodableException notText(int column) {
        return new UndecodableException("CO-2012: column " + relation.columns().get(column) + " of table "
                + relation.table() + " holds bytes that are not text in any encoding: the database is probably"
                + " SQL_ASCII. Find the rows and correct them; the change cannot be written to another server");
    }

    /** The columns that were added and not sent ahead. */
    Tuple tuple() {
        return Tuple.of(relation.names(positions, count), Arrays.copyOf(values, count));
    }

    /** The length of the tuple's text. */
    int chars() {
        return chars;
    }
}
