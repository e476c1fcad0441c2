package io.changeover.sink.group;

import java.util.List;

/**
 * Source transactions that become one target transaction, in commit order. May be empty: then only the topic offset
 * moves, over records that change nothing.
 *
 * @param nextOffset the topic offset to start again from after all of them: of the record after them, or of the record
 *     in which they end, if it holds more
 */
public record Group(List<SourceTransaction> transactions, long nextOffset) implements Step {
    public Group {
        transactions = List.copyOf(transactions);
    }

    /** How many changes they have. */
    public int changes() {
        return transactions.stream().mapToInt(each -> each.changes().size()).sum();
    }

    /** The group's first transactions; at least one. */
    public Group first(int count) {
        List<SourceTransaction> first = transactions.subList(0, count);
        return count == transactions.size()
                ? this
                : new Group(first, first.get(count - 1).nextOffset());
    }
}
