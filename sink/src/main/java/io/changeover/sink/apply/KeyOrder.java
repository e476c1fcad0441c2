package io.changeover.sink.apply;

import io.changeover.contract.Tuple;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * An order of keys in which neighbours are mostly neighbours in the target's index, too: shorter texts first, as
 * numbers are ordered, then by the text, as UUIDs and most others are. The server then goes through index and table
 * once instead of jumping. Of what it finds, nothing depends on the order.
 */
final class KeyOrder implements Comparator<Tuple> {

    static final KeyOrder INSTANCE = new KeyOrder();

    private KeyOrder() {}

    /** Compares keys of the same columns. */
    @Override
    public int compare(Tuple one, Tuple other) {
        int order = 0;
        for (int i = 0; order == 0 && i < one.size(); i++) {
            order = compare(one.value(i), other.value(i));
        }
        return order;
    }

    private static int compare(@Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return Boolean.compare(one != null, other != null);
        }
        return one.length() == other.length() ? one.compareTo(other) : Integer.compare(one.length(), other.length());
    }
}
