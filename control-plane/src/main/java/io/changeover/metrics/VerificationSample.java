package io.changeover.metrics;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the verification of a pair at a scrape.
 *
 * @param tables how many by state, the state in lower case
 * @param rows of the source that were compared
 * @param mismatches rows that differ
 * @param open rows that are to be asked for
 * @param ended when the last verification of all tables ended
 * @param underWay whether rows are compared
 */
public record VerificationSample(
        Map<String, Long> tables, long rows, long mismatches, long open, Optional<Instant> ended, boolean underWay) {

    public VerificationSample {
        tables = Map.copyOf(tables);
    }
}
