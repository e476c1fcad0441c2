package io.changeover.faults;

import static org.awaitility.Awaitility.await;

import io.changeover.spec.CutoverMode;
import io.changeover.spec.CutoverSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** As {@link FaultTable}, in rollbacks: the phases are those of a cutover with its sides exchanged. */
final class RollbackTable {

    private static final CutoverSpec CUTOVER =
            new CutoverSpec(CutoverMode.MANUAL, Duration.ofSeconds(20)).withMaxFreeze(Duration.ofSeconds(6));
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Set<Phase> PHASES = EnumSet.range(Phase.FENCE, Phase.OPEN);
    private static final Set<String> OVER = Set.of("COMPLETED", "ROLLED_BACK", "FAILED");

    private final FaultStack stack;
    private final Path file;
    private final List<FaultTable.Row> rows = new ArrayList<>();

    RollbackTable(FaultStack stack, Path file) {
        this.stack = stack;
        this.file = file;
    }

    List<FaultTable.Row> defects() {
        return rows.stream().filter(row -> !row.good()).toList();
    }

    /** All phases of a fault follow each other in one migration, until one of them has it rolled back. */
    void run(List<Fault> faults, Set<Phase> phases) throws IOException, SQLException {
        for (Fault fault : faults) {
            List<Phase> wanted = Stream.of(Phase.values())
                    .filter(phase -> strikesIn(fault, phase) && phases.contains(phase))
                    .toList();
            Optional<FaultyRollback> rollback = Optional.empty();
            for (Phase phase : wanted) {
                FaultyRollback current =
                        rollback.isPresent() ? rollback.get() : FaultyRollback.of(stack.migrateWithWayBack(CUTOVER));
                boolean over = strike(fault, phase, current);
                rollback = over ? Optional.empty() : Optional.of(current);
                if (over) {
                    end(fault, phase, current);
                }
            }
            if (rollback.isPresent()) {
                end(fault, wanted.get(wanted.size() - 1), rollback.get());
            }
        }
    }

    private static boolean strikesIn(Fault fault, Phase phase) {
        return PHASES.contains(phase) && fault.phases().contains(phase == Phase.OPEN ? Phase.COMPLETED : phase);
    }

    /** Whether it is rolled back then, or of no further use. */
    private boolean strike(Fault fault, Phase phase, FaultyRollback rollback) throws IOException {
        FaultyMigration migration = rollback.migration();
        CompletableFuture<Void> mended = new CompletableFuture<>();
        AtomicLong struckAt = new AtomicLong();
        AtomicBoolean hasStruck = new AtomicBoolean();
        FaultTable.Row row;
        try {
            CompletableFuture<Void> struck = phase.whenBack(migration, () -> {
                struckAt.set(System.nanoTime());
                fault.happen(stack, migration, mended);
                hasStruck.set(true);
            });
            await("the phase").atMost(PATIENCE).until(() -> {
                migration.startIfFailed();
                if (!struck.isDone() && migration.state().equals("COMPLETED")) {
                    rollback.ask();
                }
                return struck.isDone();
            });
            await("the rollback's end")
                    .atMost(PATIENCE)
                    .until(() -> mended.isDone() && OVER.contains(migration.state()));
            String outcome = outcome(migration);
            long millis = (System.nanoTime() - struckAt.get()) / 1_000_000;
            row = new FaultTable.Row(name(fault), phase, outcome, !outcome.startsWith("FAILED"), millis);
        } catch (ConditionTimeoutException | IllegalStateException e) {
            row = defect(fault, phase, "STUCK in " + migration.state() + " (" + migration.reason() + "): ", e);
            migration.source().forget();
            migration.target().forget();
        }
        if (hasStruck.get()) {
            mended.join();
        }
        add(row);
        return row.outcome().startsWith("rolled back") || !row.good();
    }

    private static String outcome(FaultyMigration migration) {
        String state = migration.state();
        if (state.equals("FAILED")) {
            return "FAILED: " + migration.reason();
        }
        boolean isBack = state.equals("ROLLED_BACK");
        migration.applicationGoesToTarget(!isBack);
        migration.awaitWrites(PATIENCE);
        return isBack ? "rolled back; the source is written to" : "given up; the target is written to";
    }

    private void end(Fault fault, Phase phase, FaultyRollback rollback) throws IOException, SQLException {
        try (FaultyMigration migration = rollback.migration()) {
            rollback.end();
        } catch (AssertionError | RuntimeException e) {
            add(defect(fault, phase, "at the end of the migration: ", e));
        }
    }

    static String name(Fault fault) {
        return "in a rollback: " + fault.name();
    }

    private static FaultTable.Row defect(Fault fault, Phase phase, String what, Throwable why) {
        String text = what + why.getMessage();
        return new FaultTable.Row(
                name(fault), phase, text.replace('\n', ' ').replace('|', '/'), false, PATIENCE.toMillis());
    }

    private void add(FaultTable.Row row) throws IOException {
        rows.add(row);
        System.out.println(row);
        Files.write(file, FaultsPage.table(rows));
        FaultsPage.update(rows);
    }
}
