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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** Has faults strike in phases, one after the other, and writes down what came of each. */
final class FaultTable {

    private static final CutoverSpec CUTOVER =
            new CutoverSpec(CutoverMode.MANUAL, Duration.ofSeconds(20)).withMaxFreeze(Duration.ofSeconds(6));
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Set<String> OVER =
            Set.of("COMPLETED", "CATCHING_UP", "READY_TO_CUTOVER", "FAILED", "FULL_LOAD");

    private final FaultStack stack;
    private final Path file;
    private final List<Row> rows = new ArrayList<>();

    /** Since the migration that is under way began. */
    private final List<Row> open = new ArrayList<>();

    /** A line of the table. */
    record Row(String fault, Phase phase, String outcome, boolean good, long millis) {

        @Override
        public String toString() {
            return "| %s | %s | %s%s | %.1f |"
                    .formatted(fault, phase, good ? "" : "**DEFECT** ", outcome, millis / 1e3);
        }
    }

    FaultTable(FaultStack stack, Path file) {
        this.stack = stack;
        this.file = file;
    }

    /** What was not as it should be. */
    List<Row> defects() {
        return rows.stream().filter(row -> !row.good()).toList();
    }

    /**
     * All cells of a phase or all of a fault can follow each other in one migration, until one of them completes it.
     */
    void run(List<Fault> faults, Set<Phase> phases) throws IOException, SQLException {
        for (Fault fault : faults) {
            List<Phase> wanted = Stream.of(Phase.values())
                    .filter(phase -> phase != Phase.OPEN && fault.phases().contains(phase) && phases.contains(phase))
                    .toList();
            Optional<FaultyMigration> migration = Optional.empty();
            for (Phase phase : wanted) {
                FaultyMigration current = migration.isPresent() ? migration.get() : stack.migrate(CUTOVER);
                boolean over = strike(fault, phase, current);
                migration = over ? Optional.empty() : Optional.of(current);
                if (over) {
                    finish(current);
                }
            }
            if (migration.isPresent()) {
                finish(migration.get());
            }
        }
    }

    /** Whether the migration is over then, or of no further use. */
    private boolean strike(Fault fault, Phase phase, FaultyMigration migration) throws IOException {
        CompletableFuture<Void> mended = new CompletableFuture<>();
        AtomicLong struckAt = new AtomicLong();
        AtomicBoolean hasStruck = new AtomicBoolean();
        Row row;
        try {
            if (phase != Phase.LOAD) {
                await("a pair that is ready").atMost(PATIENCE).until(() -> {
                    migration.startIfFailed();
                    return migration.state().equals("READY_TO_CUTOVER");
                });
            }
            CompletableFuture<Void> struck = phase.when(migration, () -> {
                struckAt.set(System.nanoTime());
                fault.happen(stack, migration, mended);
                hasStruck.set(true);
            });
            if (phase.isInCutover()) {
                migration.cutOver();
            }
            await("the phase").atMost(PATIENCE).until(() -> {
                if (phase.isInCutover() && !struck.isDone() && migration.state().equals("READY_TO_CUTOVER")) {
                    migration.cutOver(); // it was given up before: the fault of another phase was not over yet
                }
                return struck.isDone();
            });
            String outcome = outcome(phase, migration, mended);
            long millis = (System.nanoTime() - struckAt.get()) / 1_000_000;
            row = new Row(fault.name(), phase, outcome, !outcome.startsWith("FAILED"), millis);
        } catch (ConditionTimeoutException | IllegalStateException e) {
            String why = "STUCK in " + migration.state() + " (" + migration.reason() + "): " + e.getMessage();
            row = new Row(fault.name(), phase, why.replace('\n', ' ').replace('|', '/'), false, PATIENCE.toMillis());
            migration.source().forget();
            migration.target().forget();
        }
        if (hasStruck.get()) {
            mended.join(); // the next migration is not to be made while it lasts
        }
        add(row);
        open.add(row);
        return row.outcome().startsWith("completed") || !row.good();
    }

    private static String outcome(Phase phase, FaultyMigration migration, CompletableFuture<Void> mended) {
        if (phase.isInCutover()) {
            await("the cutover's end").atMost(PATIENCE).until(() -> isOver(migration, mended));
            String state = migration.state();
            if (state.equals("COMPLETED")) {
                return "completed";
            }
            String why = migration.reason();
            migration.awaitWrites(PATIENCE);
            return state.equals("FAILED") ? "FAILED: " + why : "given up; the source is written to";
        }
        await("the fault's end").atMost(PATIENCE).until(mended::isDone);
        migration.awaitWrites(PATIENCE);
        await("the pair to follow again")
                .atMost(PATIENCE)
                .until(() -> Set.of("READY_TO_CUTOVER", "FAILED").contains(migration.state()));
        return migration.state().equals("FAILED") ? "FAILED: " + migration.reason() : "goes on";
    }

    /** A state is what it was before the cutover, until the control plane has noticed that it has begun. */
    private static boolean isOver(FaultyMigration migration, CompletableFuture<Void> mended) {
        String state = migration.state();
        return OVER.contains(state) && (state.equals("COMPLETED") || mended.isDone());
    }

    private void finish(FaultyMigration migration) throws IOException, SQLException {
        try (migration) {
            migration.complete();
        } catch (AssertionError | RuntimeException e) {
            String why = "at the end of the migration: " + e.getMessage();
            add(new Row(
                    open.toString().replace('|', '/'),
                    Phase.COMPLETED,
                    why.replace('\n', ' ').replace('|', '/'),
                    false,
                    0));
        }
        open.clear();
    }

    private void add(Row row) throws IOException {
        rows.add(row);
        System.out.println(row);
        Files.write(file, FaultsPage.table(rows));
        FaultsPage.update(rows);
    }
}
