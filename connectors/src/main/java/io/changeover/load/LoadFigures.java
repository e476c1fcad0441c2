package io.changeover.load;

import io.changeover.contract.LoadProgress;
import io.changeover.postgres.TableName;
import java.util.HashMap;
import java.util.Map;

/** What one task has copied since it was started; thread-safe. */
final class LoadFigures {

    private record Part(TableName table, int beginning, int number) {}

    private record Amount(long rows, long bytes) {}

    private final Map<Part, Amount> underWay = new HashMap<>();
    private long rows;
    private long bytes;
    private long copies;

    /** A table or a part is so far; one that begins again counts again. */
    synchronized void add(LoadProgress progress) {
        Part part = new Part(progress.table(), progress.beginning(), progress.part());
        Amount before = underWay.getOrDefault(part, new Amount(0, 0));
        boolean isAnew = progress.rows() < before.rows();
        rows += progress.rows() - (isAnew ? 0 : before.rows());
        bytes += progress.bytes() - (isAnew ? 0 : before.bytes());
        if (progress.done()) {
            underWay.remove(part);
            copies++;
        } else {
            underWay.put(part, new Amount(progress.rows(), progress.bytes()));
        }
    }

    /** Rows, those of copies that are under way or were given up too. */
    synchronized long rows() {
        return rows;
    }

    /** Bytes as COPY carries them, of the same rows. */
    synchronized long bytes() {
        return bytes;
    }

    /** Tables, and parts of large ones, that are done. */
    synchronized long copies() {
        return copies;
    }
}
