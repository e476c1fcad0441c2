package io.changeover.cli;

import io.changeover.api.FallbackView;
import io.changeover.api.Views;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.DatabaseState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** The demo's way back: the rollback, and the application that goes with it. */
final class DemoRollback {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final long AFTERWARDS_TRANSACTIONS = 300;

    private final ApiClient client;
    private final String migration;
    private final String database;
    private final LongSupplier written;

    /**
     * Of a pair whose old source follows.
     *
     * @param written how many transactions of the application were acknowledged
     */
    DemoRollback(ApiClient client, String migration, String database, LongSupplier written) {
        this.client = client;
        this.migration = migration;
        this.database = database;
        this.written = written;
    }

    /**
     * Rolls back as soon as nothing is in the way, and waits until every row is compared and the application writes.
     *
     * @param switchBack sends the application to the source
     * @return what was seen
     */
    Map<String, Object> run(Runnable switchBack) throws InterruptedException {
        await("a rollback that may begin", back -> back.ready(), view -> true);
        client.rollback(migration, database);
        await("the rollback", back -> true, view -> view.state().equals(DatabaseState.ROLLED_BACK.name()));
        switchBack.run();
        long before = written.getAsLong();
        Views.DatabaseView view = await(
                "the comparison after the rollback",
                back -> back.comparison().isPresent(),
                any -> written.getAsLong() >= before + AFTERWARDS_TRANSACTIONS);
        FallbackView back = view.fallback().orElseThrow();
        Map<String, Object> seen = new LinkedHashMap<>();
        back.result().ifPresent(result -> seen.put("rolled back, freeze", result.freezeMillis() + " ms"));
        seen.put(
                "compared after the rollback",
                back.comparison().map(DemoRollback::words).orElse("no"));
        return seen;
    }

    private static String words(ComparisonResult comparison) {
        if (!comparison.equal()) {
            throw new CommandFailed(
                    ExitCode.DIFFERENT, "The source is not equal after the rollback: " + comparison.differences());
        }
        long rows = comparison.tables().stream()
                .mapToLong(ComparisonResult.Table::sourceRows)
                .sum();
        return Words.number(rows) + " rows of " + comparison.tables().size() + " tables, all equal";
    }

    private Views.DatabaseView await(String what, Predicate<FallbackView> back, Predicate<Views.DatabaseView> database)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Views.DatabaseView view = client.database(migration, this.database);
            Optional<FallbackView> now = view.fallback();
            if (now.isPresent() && back.test(now.get()) && database.test(view)) {
                return view;
            }
            if (System.nanoTime() > deadline) {
                throw new CommandFailed(
                        ExitCode.FAILED,
                        "Waited in vain for " + what + ": " + String.join("; ", FallbackText.lines(view)));
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
    }
}
