package io.changeover.runner;

import io.changeover.metrics.VerificationSample;
import io.changeover.migration.VerificationResult;
import io.changeover.migration.VerificationRun;
import io.changeover.verify.live.TableVerification;
import io.changeover.verify.live.Verification;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the verification of a pair.
 *
 * @param underWay whether rows are compared, or about to be
 * @param run the last verification of all tables
 * @param problems what it has against a cutover
 * @param tables in order of name
 */
public record VerificationLook(
        boolean underWay, VerificationRun run, List<String> problems, List<TableVerification> tables) {

    public VerificationLook {
        problems = List.copyOf(problems);
        tables = List.copyOf(tables);
    }

    /** As it is now, or as it was when it was stored last. */
    static VerificationLook of(Optional<Verification> live, VerificationResult stored) {
        return live.map(now -> new VerificationLook(now.isUnderWay(), now.last(), now.problems(), now.tables()))
                .orElseGet(() -> new VerificationLook(
                        false,
                        stored.run(),
                        List.of(),
                        stored.tables().stream().map(TableVerification::of).toList()));
    }

    /** For a scrape. */
    VerificationSample sample() {
        Map<String, Long> states = new LinkedHashMap<>();
        for (TableVerification.State state : TableVerification.State.values()) {
            long count = tables.stream().filter(table -> table.state() == state).count();
            states.put(state.name().toLowerCase(Locale.ROOT), count);
        }
        return new VerificationSample(
                states,
                tables.stream().mapToLong(TableVerification::rows).sum(),
                tables.stream().mapToLong(table -> table.mismatches().size()).sum(),
                tables.stream().mapToLong(TableVerification::open).sum(),
                run.ended(),
                underWay);
    }
}
