package io.changeover.runner;

import io.changeover.cutover.Cutover;
import io.changeover.cutover.Sequences;
import io.changeover.ledger.Ledger;
import io.changeover.migration.ComparisonResult;
import io.changeover.postgres.Connections;
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
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares both sides of a pair after its cutover. */
final class Comparing {

    private static final Logger LOG = LoggerFactory.getLogger(Comparing.class);
    private static final int PARALLELISM = 2;

    private final Pair pair;

    Comparing(Pair pair) {
        this.pair = pair;
    }

    /**
     * Compares every row, and definitions and sequences.
     *
     * @param cutover the cutover with its snapshots; empty if this process was started after it, then both sides are
     *     compared as they are now: the source still is as it was at the fence
     */
    ComparisonResult run(Optional<Cutover> cutover) throws SQLException, InterruptedException {
        if (cutover.isPresent()) {
            Cutover held = cutover.get();
            return run(held.sourceRows(), held.targetRows(), sequences(held.sequences()), true);
        }
        try (HeldSnapshot source = HeldSnapshot.take(pair.source());
                HeldSnapshot target = HeldSnapshot.take(pair.target())) {
            return run(source, target, List.of(), false);
        }
    }

    private ComparisonResult run(
            HeldSnapshot source, HeldSnapshot target, List<Difference> sequences, boolean atTheFence)
            throws SQLException, InterruptedException {
        long begin = System.nanoTime();
        List<TableComparison> tables = DatabaseComparison.run(
                source,
                target,
                table -> !table.schema().equals(Ledger.SCHEMA),
                PARALLELISM,
                table -> LOG.info("Compared {}: {}", table.table(), table.verdict()));
        List<String> differences = new ArrayList<>();
        Stream.concat(sequences.stream(), catalogs().stream())
                .map(Difference::toString)
                .forEach(differences::add);
        return new ComparisonResult(
                atTheFence,
                // a materialized view holds what its last refresh saw; the target's has just been refreshed
                tables.stream()
                        .filter(table ->
                                table.verdict() != TableComparison.Verdict.EXCLUDED && !table.materializedView())
                        .map(Comparing::table)
                        .toList(),
                differences,
                Duration.ofNanos(System.nanoTime() - begin).toMillis());
    }

    private static ComparisonResult.Table table(TableComparison table) {
        return new ComparisonResult.Table(
                table.table().toString(), table.sourceRows(), table.targetRows(), table.equal());
    }

    private static List<Difference> sequences(Cutover.Sides sides) {
        return Sequences.compare(sides.source(), sides.target());
    }

    private List<Difference> catalogs() throws SQLException {
        try (Connection source = Connections.open(pair.source(), "changeover-verify");
                Connection target = Connections.open(pair.target(), "changeover-verify")) {
            return CatalogComparison.run(source, target);
        }
    }
}
