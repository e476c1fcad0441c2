package io.changeover.contract;

import io.changeover.postgres.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which columns a change has: what the changes of a record have in common is written once.
 *
 * @param before the names of the columns of the key or old row
 * @param after the names of the columns of the new row
 */
public record Shape(TableName table, List<String> before, List<String> after) {

    /** Whether table and lists are the same objects, which is quick to tell; equal shapes may have others. */
    @SuppressWarnings("ReferenceEquality") // see above
    public boolean isOfSameNames(Shape other) {
        return table == other.table && before == other.before && after == other.after;
    }

    /** The shape of a row change or truncate; null for other events. */
    public static @Nullable Shape of(ChangeEvent event) {
        if (event instanceof ChangeEvent.Insert insert) {
            return new Shape(insert.table(), List.of(), insert.after().names());
        } else if (event instanceof ChangeEvent.Update update) {
            return new Shape(
                    update.table(), update.before().names(), update.after().names());
        } else if (event instanceof ChangeEvent.Delete delete) {
            return new Shape(delete.table(), delete.before().names(), List.of());
        } else if (event instanceof ChangeEvent.Truncate truncate) {
            return new Shape(truncate.table(), List.of(), List.of());
        }
        return null;
    }
}
