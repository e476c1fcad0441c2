package io.changeover.lag;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One look at a database pair.
 *
 * @param at when
 * @param tables in order of name; empty until the load has begun
 * @param transactions source transactions applied
 * @param pending empty until the sink has begun
 */
public record Progress(Instant at, List<TableProgress> tables, long transactions, Optional<Pending> pending) {

    public Progress {
        tables = List.copyOf(tables);
    }

    /** Nothing is known yet. */
    public static Progress none(Instant at) {
        return new Progress(at, List.of(), 0, Optional.empty());
    }
}
