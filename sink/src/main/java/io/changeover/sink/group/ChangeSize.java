package io.changeover.sink.group;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;

/**
 * About how many bytes of memory a change takes: the text of its values at one byte per character, and what Java adds
 * to each of them. An estimate to bound buffers with.
 */
public final class ChangeSize {

    private static final long PER_CHANGE = 100;
    private static final long PER_VALUE = 64;

    private ChangeSize() {}

    public static long of(ChangeEvent change) {
        if (change instanceof ChangeEvent.Insert insert) {
            return PER_CHANGE + of(insert.after());
        } else if (change instanceof ChangeEvent.Update update) {
            return PER_CHANGE + of(update.before()) + of(update.after());
        } else if (change instanceof ChangeEvent.Delete delete) {
            return PER_CHANGE + of(delete.before());
        } else if (change instanceof ChangeEvent.Message message) {
            return PER_CHANGE + PER_VALUE + message.content().length();
        } else if (change instanceof ChangeEvent.Definition definition) {
            return PER_CHANGE
                    + 3L * PER_VALUE * definition.definition().columns().size();
        }
        return PER_CHANGE;
    }

    public static long of(Tuple row) {
        return PER_VALUE * row.size() + row.length();
    }
}
