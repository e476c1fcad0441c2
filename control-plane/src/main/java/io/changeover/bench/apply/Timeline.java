package io.changeover.bench.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.ChangeEvent.Begin;
import io.changeover.contract.ChangeEvent.Delete;
import io.changeover.contract.ChangeEvent.End;
import io.changeover.contract.ChangeEvent.Insert;
import io.changeover.contract.ChangeEvent.Update;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.postgresql.replication.LogSequenceNumber;

/**
 * How many row changes the source has committed up to a WAL position, made from the events of a change topic. It turns
 * the position that a target stores, whoever applies, into a number of applied changes. Not thread-safe.
 */
final class Timeline {

    private final TreeMap<Long, Long> changesByLsn = new TreeMap<>();
    private Optional<LogSequenceNumber> beginning = Optional.empty();
    private long total;
    private long open;

    /** The next event of the topic. */
    void add(ChangeEvent event) {
        if (event instanceof Insert || event instanceof Update || event instanceof Delete) {
            open++;
        } else if (event instanceof Begin begin && beginning.isEmpty()) {
            beginning = Optional.of(begin.after());
        } else if (event instanceof End end && open > 0) {
            total += open;
            open = 0;
            changesByLsn.put(end.commitLsn().asLong(), total);
        }
    }

    /**
     * The position that the first transaction follows.
     *
     * @throws IllegalStateException if there is none
     */
    LogSequenceNumber beginning() {
        return beginning.orElseThrow(() -> new IllegalStateException("Nothing was recorded"));
    }

    /** Row changes of all transactions that have ended. */
    long total() {
        return total;
    }

    /**
     * Row changes of the transactions that ended at or before a position.
     *
     * @param position as a target stores it: the end of the last applied transaction's commit record
     */
    long changesUpTo(LogSequenceNumber position) {
        Map.Entry<Long, Long> last = changesByLsn.floorEntry(position.asLong());
        return last == null ? 0 : last.getValue();
    }
}
