package io.changeover.runner;

import io.changeover.cutover.Cutover;
import io.changeover.cutover.Sequences;
import io.changeover.ledger.Ledger;
import io.changeover.migration.ComparisonResult;
import io.changeover.postgres.Connections;
import io.changeover.schema.Scope;
import io.changeover.sink.guard.ConstraintGuard;
import io.changeover.verify.CatalogComparison;
import io.changeover.verify.DatabaseComparison;
import io.changeover.verify.Difference;
import io.changeover.verify.HeldSnapshot;
import io.changeover.verify.TableComparison;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares both sides of a pair after its cutover. */
final class Comparing {

    private static final Logger LOG = LoggerFactory.getLogger(Comparing.class);
    private static final Duration PROTECTED = Duration.ofSeconds(30);

    private final Pair pair;
    private final Optional<CatalogComparison.Catalog> definitions;

    Comparing(Pair pair) {
        this(pair, Optional.empty());
    }

    /**
     * A comparison with the source's definitions as they were.
     *
     * @param definitions read before triggers and foreign keys of the source were set aside for the way back
     */
    Comparing(Pair pair, Optional<CatalogComparison.Catalog> definitions) {
        this.pair = pair;
        this.definitions = definitions;
    }

    /**
     * Compares every row, and definitions and sequences.
     *
     * @param cutover the cutover with its snapshots; if it is empty, as this process was started after it, or a session
     *     that held one was lost, both sides are compared as they are now: the source still is as it was at the fence
     */
    ComparisonResult run(Optional<Cutover> cutover) throws SQLException, InterruptedException {
        if (cutover.isPresent()) {
            if (cutover.get().hasSnapshots()) {
                return atTheFence(cutover.get());
            }
            letGo(cutover.get());
        }
        try (HeldSnapshot source = HeldSnapshot.take(pair.source());
                HeldSnapshot target = HeldSnapshot.take(pair.target())) {
            return run(source, target, List.of(), false);
        }
    }

    /**
     * The same after a restart, with the source as it was before anything was applied to it, or if that is lost as it
     * is now.
     *
     * @param source stays open
     */
    ComparisonResult run(HeldSnapshot source) throws SQLException, InterruptedException {
        if (!source.isHeld()) {
            return run(Optional.empty());
        }
        try (HeldSnapshot target = HeldSnapshot.take(pair.target())) {
            return run(source, target, List.of(), false);
        }
    }

    /** The other snapshot is of no use any more, and has locks. */
    private void letGo(Cutover held) {
        LOG.warn(
                "{}: the snapshots of the freeze are lost; both sides are compared as they are now",
                pair.names().slot());
        try {
            held.close();
        } catch (SQLException e) {
            LOG.debug("A connection was broken when it was closed", e);
        }
    }

    /** For a while applications of the target cannot TRUNCATE, which would empty what is being compared. */
    private ComparisonResult atTheFence(Cutover held) throws SQLException, InterruptedException {
        ScheduledExecutorService release = Executors.newSingleThreadScheduledExecutor();
        try {
            var unused =
                    release.schedule(() -> release(held.targetRows()), PROTECTED.toMillis(), TimeUnit.MILLISECONDS);
            return run(held.sourceRows(), held.targetRows(), sequences(held.sequences()), true);
        } finally {
            release.shutdownNow();
        }
    }

    private static void release(HeldSnapshot snapshot) {
        try {
            snapshot.release();
        } catch (SQLException e) {
            LOG.warn("The tables of the target could not be released before the comparison's end", e);
        }
    }

    private ComparisonResult run(
            HeldSnapshot source, HeldSnapshot target, List<Difference> sequences, boolean atTheFence)
            throws SQLException, InterruptedException {
        long begin = System.nanoTime();
        Scope scope = scope();
        List<TableComparison> tables = DatabaseComparison.run(
                source,
                target,
                table -> !table.schema().equals(Ledger.SCHEMA) && scope.hasRows(table),
                Cutover.READERS,
                table -> LOG.info("Compared {}: {}", table.table(), table.verdict()));
        target.release(); // or the catalogs would be read behind an application that waits for the locks
        Validation.run(pair.target());
        List<String> differences = new ArrayList<>();
        List<String> notCompared = new ArrayList<>();
        boolean comparable = definitions.isPresent() || !isSetAside();
        if (!comparable) {
            notCompared.add("definitions: triggers and foreign keys of the source are set aside for the way back");
        }
        Stream.concat(sequences.stream(), comparable ? catalogs().stream() : Stream.<Difference>empty())
                .forEach(difference ->
                        (isLeftOut(difference, scope) ? notCompared : differences).add(difference.toString()));
        tables.stream()
                .filter(table -> !hasRowsToCompare(table))
                .map(Comparing::whyNot)
                .forEach(notCompared::add);
        return new ComparisonResult(
                atTheFence,
                tables.stream()
                        .filter(Comparing::hasRowsToCompare)
                        .map(Comparing::table)
                        .toList(),
                differences,
                notCompared,
                Duration.ofNanos(System.nanoTime() - begin).toMillis());
    }

    /**
     * Event triggers are not copied, because only a superuser can make them. Of a part of the source the target has
     * less, and maybe more.
     */
    private static boolean isLeftOut(Difference difference, Scope scope) {
        boolean isEventTrigger = difference.kind().equals("event trigger");
        return (difference.target().isEmpty() && (isEventTrigger || scope.leavesOut(difference.object())))
                || (difference.source().isEmpty() && scope.isPart())
                || scope.leavesToTarget(difference.object());
    }

    /** A materialized view holds what its last refresh saw, which on the target was in the freeze. */
    private static boolean hasRowsToCompare(TableComparison table) {
        return table.verdict() != TableComparison.Verdict.EXCLUDED && !table.materializedView();
    }

    private static String whyNot(TableComparison table) {
        return table.table() + ": "
                + (table.materializedView()
                        ? "a materialized view, refreshed on the target in the freeze"
                        : table.note().orElse("left out"));
    }

    private static ComparisonResult.Table table(TableComparison table) {
        return new ComparisonResult.Table(
                table.table().toString(),
                table.sourceRows(),
                table.targetRows(),
                table.equal(),
                table.sums().map(sums -> new ComparisonResult.Digests(sums.source(), sums.target())));
    }

    private static List<Difference> sequences(Cutover.Positions sides) {
        return Sequences.compare(sides.source(), sides.target());
    }

    private Scope scope() throws SQLException {
        try (Connection source = Connections.open(pair.source(), "changeover-verify")) {
            return Scope.read(source, pair.pair().tables());
        }
    }

    /** A source has a ledger only if it follows its target. */
    private boolean isSetAside() throws SQLException {
        try (Connection source = Connections.open(pair.source(), "changeover-verify")) {
            return Ledger.exists(source) && ConstraintGuard.isRaised(source);
        }
    }

    private List<Difference> catalogs() throws SQLException {
        try (Connection source = Connections.open(pair.source(), "changeover-verify");
                Connection target = Connections.open(pair.target(), "changeover-verify")) {
            return CatalogComparison.run(
                    definitions.isPresent() ? definitions.get() : CatalogComparison.read(source, target), target);
        }
    }
}
